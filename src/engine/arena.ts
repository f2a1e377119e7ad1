// A bump allocator in WebAssembly memory. The memory never grows, so views on it stay valid; it is freed as a whole,
// by the garbage collector, when nothing refers to it any more. Pages that were never touched cost no RAM.

/** Arrays begin on cache lines. */
const ALIGNMENT = 64;
/** The kernels may read, but not write, this many bytes behind the last array. */
const GUARD = 64;

export interface Arena {
  readonly buffer: ArrayBuffer;
  /** Address of zeroed memory. Throws RangeError if it does not fit: call `fits` before. */
  allocate(bytes: number): number;
  /** Whether arrays of these sizes can still be allocated. */
  fits(sizes: readonly number[]): boolean;
  floats(address: number, length: number): Float32Array;
  integers(address: number, length: number): Int32Array;
}

/** `start` is the first byte that is free. */
export function createArena(buffer: ArrayBuffer, start: number): Arena {
  const end = buffer.byteLength - GUARD;
  let next = aligned(start);
  return {
    buffer,
    allocate(bytes) {
      const address = next;
      if (address + bytes > end)
        throw new RangeError(`the arena has less than ${bytes} bytes left`);
      next = aligned(address + bytes);
      return address;
    },
    fits: (sizes) => next + alignedSum(sizes) <= end,
    floats: (address, length) => new Float32Array(buffer, address, length),
    integers: (address, length) => new Int32Array(buffer, address, length),
  };
}

/** Memory for arrays of these sizes, with alignment. */
export function bytesFor(sizes: readonly number[]): number {
  return alignedSum(sizes) + GUARD;
}

function alignedSum(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + aligned(size), 0);
}

function aligned(address: number): number {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT;
}
