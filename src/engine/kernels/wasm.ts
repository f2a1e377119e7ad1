// The engine in WebAssembly: which discriminator lives in which arena.
/// <reference path="../webassembly.d.ts" />
import { bytesFor, createArena } from '../arena.ts';
import type { Kernels } from '../discriminator-kernels.ts';
import { compile } from '../tape/program.ts';
import { checkCapacity, checkShape } from './check.ts';
import type { KernelExports, KernelInstance } from './kernel-instance.ts';
import { discriminatorSizes, wasmDiscriminator } from './wasm-discriminator.ts';
import { neighbourSizes, wasmNeighbours } from './wasm-neighbours.ts';
import { wasmTape } from './wasm-tape.ts';

/**
 * Memory of an arena that is not made for one large thing. Every arena reserves gigabytes of address space, of which
 * a Pi's kernel has 512, so many small discriminators share one; an arena that is full is left to those in it.
 */
const SHARED_ARENA_BYTES = 16 * 2 ** 20;
const PAGE_BYTES = 2 ** 16;

export function wasmKernels(
  name: 'wasm-simd' | 'wasm-relaxed',
  module: WebAssembly.Module,
): Kernels {
  let shared: KernelInstance | undefined;

  function instanceFor(sizes: readonly number[]): KernelInstance {
    if (shared?.arena.fits(sizes)) return shared;
    const needed = bytesFor(sizes) + PAGE_BYTES;
    if (needed > SHARED_ARENA_BYTES / 2) return instantiate(module, needed);
    shared = instantiate(module, SHARED_ARENA_BYTES);
    return shared;
  }

  const tapeEngine = wasmTape(name, (bytes) => instanceFor([bytes]));

  return {
    name,
    compile: (tape, options) => compile(tape, tapeEngine, options),
    discriminator(shape, maxBatch) {
      checkShape(shape, maxBatch);
      const sizes = discriminatorSizes(shape, maxBatch);
      return wasmDiscriminator(instanceFor(Object.values(sizes)), shape, maxBatch, sizes);
    },
    neighbours(capacity) {
      checkCapacity(capacity);
      const sizes = neighbourSizes(capacity);
      return wasmNeighbours(instanceFor(Object.values(sizes)), capacity, sizes);
    },
  };
}

function instantiate(module: WebAssembly.Module, bytes: number): KernelInstance {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  // The module is our own build; the tests call every function of it.
  const exports = instance.exports as unknown as KernelExports;
  return { exports, arena: createArena(memory.buffer, exports.arenaStart()) };
}
