// What the module offers. `d` and `s` are addresses of blocks that TypeScript wrote; every call does all of its work
// before it returns, so a window or a minibatch costs one crossing.
import { Discriminator, forwardRows, prepare } from './discriminator';
import { stepNormalised } from './ascent-normalised';

export { ascendByAdam } from './ascent-adam';
export { ascendByBacktracking } from './ascent-backtracking';
export { trainStep } from './training';
export { search } from './neighbours';
export { coarsen, nearestStretch } from './stretches';

/** First byte that is free for the arena. */
export function arenaStart(): usize {
  return __heap_base;
}

export function forward(d: Discriminator, batch: i32): void {
  prepare(d);
  forwardRows(d, d.x, batch);
}

export function ascendNormalised(d: Discriminator, batch: i32, steps: i32, stepLength: f64): void {
  prepare(d);
  stepNormalised(d, batch, steps, stepLength);
  forwardRows(d, d.z, batch);
}

export { addRows, multiply, transpose } from './tape/products';
export { multiplyKept } from './tape/kept-elements';
export { addKeptRows, addToKeptRows, multiplyKeptColumns, multiplyKeptRows } from './tape/kept-lines';
export { keepColumns, keepElements, thinRows } from './tape/kept-values';
export { gaussianLoss, huberLoss, logisticLoss, quantileLoss, squaredLoss } from './tape/losses';
export { softmaxLoss } from './tape/softmax-loss';
export { softmaxBack, softmaxBackKept, softmaxRows } from './tape/softmax';
export {
  addElements,
  addProducts,
  addRowProducts,
  addScaled,
  multiplyElements,
  scaleElements,
} from './tape/elements';
export { addBlock, copyBlock } from './tape/blocks';
export { gelu, leakyRelu, relu, sigmoid, silu, softplus, tanh } from './tape/activations';
export { maxRows, maxRowsBack, meanRows, meanRowsBack } from './tape/pooling';
export { normaliseRows, normaliseRowsBack, normaliseWeightsBack } from './tape/layer-norm';
export { convolveRows, convolveWeights, mixRows, mixRowsBack, mixWeights } from './tape/convolutions';
export { dropElements, dropElementsBack } from './tape/dropout';
