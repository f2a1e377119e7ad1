// The engine in WebAssembly. Large discriminators and programs get their own arena, small ones share one.
/// <reference path="../webassembly.d.ts" />
import { bytesFor, createArena } from '../arena.ts';
import type { Kernels, NeighbourCapacity, NeighbourKernels } from '../discriminator-kernels.ts';
import type { TapeEngine } from '../tape/kernels.ts';
import { compile } from '../tape/program.ts';
import { checkCapacity, checkSearch, checkShape, checkStretches, requireRoom } from './check.ts';
import type { KernelExports, KernelInstance } from './kernel-instance.ts';
import { discriminatorSizes, wasmDiscriminator } from './wasm-discriminator.ts';
import { stretchBytes, wasmStretches } from './wasm-stretches.ts';

/**
 * Memory of a shared arena, least and most. Every arena reserves gigabytes of address space, of which a Pi's kernel has 512, so
 * small discriminators share one; when it is full, a new one is created. It is freed with the last of its discriminators: the
 * larger it is, the more of models that were replaced a daemon keeps.
 */
const SHARED_BYTES = { least: 4 * 2 ** 20, most: 16 * 2 ** 20 };
/** Of the first one in it, an arena has room for so many. */
const SHARING = 4;
const PAGE_BYTES = 2 ** 16;

export function wasmKernels(
  name: 'wasm-simd' | 'wasm-relaxed',
  module: WebAssembly.Module,
): Kernels {
  let shared: KernelInstance | undefined;

  function instanceFor(sizes: readonly number[]): KernelInstance {
    if (shared?.arena.fits(sizes)) return shared;
    const needed = bytesFor(sizes) + PAGE_BYTES;
    if (needed > SHARED_BYTES.most / 2) return instantiate(module, needed);
    const { least, most } = SHARED_BYTES;
    shared = instantiate(module, Math.min(most, Math.max(least, SHARING * needed)));
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
    stretches(cells, places) {
      checkStretches(cells.length, places);
      return wasmStretches(instanceFor(stretchBytes(cells.length, places)), cells, places);
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

type Sizes = ReturnType<typeof neighbourSizes>;

/** Bytes of every array, in the order of the class in assembly/neighbours.ts; the block itself comes last. */
function neighbourSizes({ inputs, maxRows, maxBatch, maxNeighbours }: NeighbourCapacity) {
  return {
    rows: 4 * maxRows * inputs,
    x: 4 * maxBatch * inputs,
    indices: 4 * maxBatch * maxNeighbours,
    distances: 4 * maxBatch * maxNeighbours,
    block: 24,
  };
}

function wasmNeighbours(
  { exports, arena }: KernelInstance,
  capacity: NeighbourCapacity,
  sizes: Sizes,
): NeighbourKernels {
  const { inputs, maxNeighbours } = capacity;
  const rows = arena.floats(arena.allocate(sizes.rows), sizes.rows / 4);
  const x = arena.floats(arena.allocate(sizes.x), sizes.x / 4);
  const indices = arena.integers(arena.allocate(sizes.indices), sizes.indices / 4);
  const distances = arena.floats(arena.allocate(sizes.distances), sizes.distances / 4);
  const block = arena.allocate(sizes.block);
  const addresses = [rows, x, indices, distances].map((values) => values.byteOffset);
  arena.integers(block, 6).set([inputs, maxNeighbours, ...addresses]);
  return {
    inputs,
    rows,
    x,
    indices,
    distances,
    search(batch, rowCount, neighbours) {
      checkSearch(capacity, batch, rowCount, neighbours);
      exports.search(block, batch, rowCount, neighbours);
    },
  };
}
