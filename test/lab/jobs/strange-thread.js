// strange-thread.ts for a compiled pool, which starts the `.js` beside the file that it is given.
import { register } from 'tsx/esm/api';

register();
export const { handle } = await import('./strange-thread.ts');
