// The engine of tapes in WebAssembly. Large programs have an arena of their own, small ones share one.
import { DeviceError } from '../../core/errors.ts';
import type { TapeEngine } from '../tape/kernels.ts';
import type { KernelInstance } from './kernel-instance.ts';

/** A gigabyte: more than any device of the class has to give, and far below what addresses can name. */
const MOST_ELEMENTS = 2 ** 28;

export function wasmTape(name: string, instanceFor: (bytes: number) => KernelInstance): TapeEngine {
  return {
    name,
    instance(elements) {
      if (elements > MOST_ELEMENTS) {
        throw new DeviceError(
          `the network needs ${Math.ceil(elements / 2 ** 18)} MB, the engine has 1024: take a smaller batch or network`,
        );
      }
      const { arena, exports } = instanceFor(4 * elements);
      const base = arena.allocate(4 * elements) / 4;
      return { memory: new Float32Array(arena.buffer), base, kernels: exports };
    },
  };
}
