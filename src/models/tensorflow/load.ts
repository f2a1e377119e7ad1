// Loads TensorFlow if it is installed: an optional package with a native part, of hundreds of megabytes.
import { createRequire } from 'node:module';
import util from 'node:util';
import { requireOptional } from '../../core/optional-package.ts';
import type { TensorFlow } from './api.ts';

const NAME = '@tensorflow/tfjs-node';

/**
 * Throws `DeviceError` with the command to run when the package is absent or its native part was never built. Only the
 * first thread of a process that asks for that part gets it (tensorflow/tfjs#8388).
 */
export function loadTensorflow(): TensorFlow {
  restoreUtil(util);
  const require = createRequire(import.meta.url);
  const wanted = {
    name: NAME,
    install: `npm install --allow-scripts=${NAME} ${NAME}`,
    load: () => require(NAME) as TensorFlow, // it has the interface of @tensorflow/tfjs, and more
  };
  return requireOptional(wanted, 'engine tensorflow');
}

/** tfjs-node 4.22 needs functions of node:util that Node 23 and later do not have. Changes `util` for the whole process. */
export function restoreUtil(util: object): void {
  const gone = {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  };
  for (const [name, value] of Object.entries(gone)) {
    if (!(name in util)) Object.assign(util, { [name]: value });
  }
}
