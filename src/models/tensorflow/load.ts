// Loads TensorFlow where it is installed: an optional package with a native part, of hundreds of megabytes.
import util from 'node:util';
import { loadOptional } from '../../core/optional-package.ts';
import type { TensorFlow } from './api.ts';

/** A name that the compiler does not look up: it need not be there. */
const NAME: string = '@tensorflow/tfjs-node';

/**
 * Throws `DeviceError` with the command to run when the package is absent or its native part was never built. Only one
 * thread of a process can load that part, once (tensorflow/tfjs#8388).
 */
export function loadTensorflow(): Promise<TensorFlow> {
  restoreUtil(util);
  const wanted = {
    name: NAME,
    install: `npm install --allow-scripts=${NAME} ${NAME}`,
    // What CommonJS exports as a whole; the names beside it are guesses of the loader.
    load: async () => ((await import(NAME)) as { default: TensorFlow }).default,
  };
  return loadOptional(wanted, 'engine tensorflow');
}

/** tfjs-node 4.22 asks node:util for functions that Node 23 and later no longer have. Changes `util` for everybody. */
export function restoreUtil(util: object): void {
  const gone = {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  };
  for (const [name, value] of Object.entries(gone)) {
    if (!(name in util)) Object.assign(util, { [name]: value });
  }
}
