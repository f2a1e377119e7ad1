// The engine of tapes in WebAssembly. Large programs have an arena of their own, small ones share one.
import type { TapeEngine } from '../tape/kernels.ts';
import type { KernelInstance } from './kernel-instance.ts';
import { requireRoom } from './tape-room.ts';

export function wasmTape(name: string, instanceFor: (bytes: number) => KernelInstance): TapeEngine {
  return {
    name,
    instance(elements) {
      requireRoom(elements);
      const { arena, exports } = instanceFor(4 * elements);
      const base = arena.allocate(4 * elements) / 4;
      return { memory: new Float32Array(arena.buffer), base, kernels: exports };
    },
  };
}
