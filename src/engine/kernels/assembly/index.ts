export { sigmoid } from './logistic';
