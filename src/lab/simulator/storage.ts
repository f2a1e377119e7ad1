// How many bytes a matrix takes in a buffer, and what it costs to move them.
import { type Accelerator, memoryBitsPerCycle } from './accelerator.ts';
import type { Matrix, Pass, Role } from './lowering/graph.ts';
import {
  BLOCK_BYTES,
  BUFFER_BYTES_PER_S,
  BUFFERS,
  type Buffer,
  CLOCK_HZ,
  ELEMENT_BITS,
  MEMORIES,
} from './modules.ts';
import type { Accesses, DataBuffer } from './task.ts';
import type { Zeros } from './zeros.ts';

export interface Size {
  readonly buffer: DataBuffer;
  readonly bytes: number;
  readonly maskBytes: number;
}

/** What is 0 is not stored; a bit for each element says where the others belong. */
export function sizeOf(matrix: Pick<Matrix, 'elements' | 'role' | 'storage'>, zeros: Zeros): Size {
  const { elements, role } = matrix;
  return {
    buffer: role === 'weight' ? 'weight' : 'activation',
    bytes: Math.ceil((elements * zeros.shareOf(matrix) * ELEMENT_BITS) / 8),
    maskBytes: Math.ceil(elements / 8),
  };
}

export function blocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES);
}

/** Of a product: blocks that are read of its operands and of their masks. */
export function readsOf(
  left: Role,
  right: Role,
  read: Readonly<Record<'left' | 'right' | 'mask', number>>,
): Accesses {
  const reads = { activation: 0, weight: 0, mask: read.mask, memory: 0 };
  reads[left === 'weight' ? 'weight' : 'activation'] += read.left;
  reads[right === 'weight' ? 'weight' : 'activation'] += read.right;
  return reads;
}

/** Of a pass: each matrix once. */
export function readsOfPass({ reads }: Pass, zeros: Zeros): Accesses {
  const sums = { activation: 0, weight: 0, mask: 0, memory: 0 };
  for (const matrix of reads) {
    const { buffer, bytes, maskBytes } = sizeOf(matrix, zeros);
    sums[buffer] += blocks(bytes);
    sums.mask += blocks(maskBytes);
  }
  return sums;
}

export function memoryCycles({ bytes, maskBytes }: Size, accelerator: Accelerator): number {
  return Math.max(1, Math.ceil((8 * (bytes + maskBytes)) / memoryBitsPerCycle(accelerator)));
}

export function bufferCycles(bytes: number): number {
  return Math.max(1, Math.ceil((8 * bytes) / ((8 * BUFFER_BYTES_PER_S) / CLOCK_HZ)));
}

/** Joules of accesses. */
export function accessJ(accesses: Accesses, { bufferMb, memory }: Accelerator): Accesses {
  const of = (buffer: Buffer): number =>
    accesses[buffer] * BUFFERS[buffer].accessNj * Math.sqrt(bufferMb[buffer]) * 1e-9;
  return {
    ...{ activation: of('activation'), weight: of('weight'), mask: of('mask') },
    memory: accesses.memory * MEMORIES[memory].accessNj * 1e-9,
  };
}
