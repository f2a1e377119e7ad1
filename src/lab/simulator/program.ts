// The work of a network as tasks of one accelerator: each operation as the cycles of its tiles and what they cost, then the
// store of its result; each matrix as bytes in a buffer. Loads are the engine's: a matrix may be loaded more than once.
import { type Accelerator, type ModuleName, partsOf } from './accelerator.ts';
import { type Matrix, macsOf, type Operation, type Work } from './lowering/graph.ts';
import { blocks, bufferCycles, memoryCycles, sizeOf } from './storage.ts';
import type { Accesses, Datum, Program, ProgramOptions, Task, Unit } from './task.ts';
import { type Cost, passCost, productCost } from './task-cost.ts';
import { paddedMacs } from './tiles.ts';
import type { Zeros } from './zeros.ts';

const MB = 1024 * 1024;

export function programOf(work: Work, accelerator: Accelerator, options: ProgramOptions): Program {
  const { training, zeros } = options;
  const tasks: Task[] = [];
  const readers = work.matrices.map((): number[] => []);
  const costs = new Map<string, Cost>();
  for (const operation of work.operations) {
    const reads = [...new Set(operation.reads.map(({ id }) => id))];
    for (const id of reads) readers[id]?.push(tasks.length);
    const compute = computeTask(operation, reads, accelerator, options, costs);
    tasks.push(compute);
    tasks.push(storeTask(operation, tasks.length - 1, accelerator, zeros));
  }
  for (const { id, name } of work.outputs) {
    readers[id]?.push(tasks.length);
    const size = sizeOf(work.matrices[id] as Matrix, zeros);
    const memory = blocks(size.bytes + size.maskBytes);
    const from = size.buffer;
    tasks.push({
      ...{ name: `${name} out`, kind: 'store', unit: 'memory', maskCycles: 0, after: -1 },
      ...{ reads: [id], writes: -1, tiles: Int32Array.of(memoryCycles(size, accelerator)) },
      ...{ work: { ...NO_WORK, dma: 1 }, ...NO_MACS },
      accesses: { ...NO_ACCESS, memory, mask: blocks(size.maskBytes), [from]: blocks(size.bytes) },
    });
  }
  const parts = partsOf(accelerator, training);
  const { activation, weight, mask } = accelerator.bufferMb;
  return {
    ...{ accelerator, training, tasks },
    data: work.matrices.map((matrix, id) => datumOf(matrix, readers[id] ?? [], accelerator, zeros)),
    units: {
      ...{ lane: parts.lane.count, softmax: parts.softmax.count, norm: parts.norm.count },
      ...{ memory: 1, store: 1 },
    },
    capacity: {
      activation: Math.floor(activation * MB),
      weight: Math.floor(weight * MB),
      mask: Math.floor(mask * MB),
    },
  };
}

const NO_ACCESS: Accesses = { activation: 0, weight: 0, mask: 0, memory: 0 };
const NO_MACS = { macs: 0, issued: 0, padded: 0 };
const NO_WORK: Record<ModuleName, number> = {
  ...{ lane: 0, softmax: 0, norm: 0, fifo: 0, preSparsity: 0, postSparsity: 0, rounding: 0 },
  ...{ dataflow: 0, dma: 0 },
};

const UNIT_OF: Readonly<Record<Operation['kind'], Unit>> = {
  product: 'lane',
  convolution: 'lane',
  element: 'lane',
  nonlinearity: 'lane',
  softmax: 'softmax',
  norm: 'norm',
};

function computeTask(
  operation: Operation,
  reads: readonly number[],
  accelerator: Accelerator,
  options: ProgramOptions,
  costs: Map<string, Cost>,
): Task {
  const { name, kind } = operation;
  const cost =
    'parts' in operation
      ? productCost(operation, accelerator, options, costs)
      : passCost(operation, accelerator, options);
  const { tile } = accelerator;
  const macs = macsOf(operation);
  return {
    ...{ name, kind, unit: UNIT_OF[kind], maskCycles: 0, reads, after: -1 },
    writes: -1,
    tiles: cost.tiles,
    work: { ...NO_WORK, ...cost.work },
    accesses: { ...NO_ACCESS, ...cost.accesses },
    macs,
    issued: cost.issued,
    padded: 'parts' in operation ? paddedMacs(operation.parts, tile) : macs,
  };
}

/** To the activation buffer; gradients of weights go to main memory, where the weights are. */
function storeTask(
  { name, writes, toMemory }: Operation,
  after: number,
  accelerator: Accelerator,
  zeros: Zeros,
): Task {
  const size = sizeOf(writes, zeros);
  const common = {
    ...{ name: `${name} store`, kind: 'store' as const, reads: [], writes: writes.id, after },
    ...{ work: { ...NO_WORK, dma: 1 }, ...NO_MACS },
  };
  if (toMemory) {
    return {
      ...common,
      ...{ unit: 'memory', maskCycles: 0 },
      tiles: Int32Array.of(memoryCycles(size, accelerator)),
      accesses: { ...NO_ACCESS, memory: blocks(size.bytes + size.maskBytes) },
    };
  }
  return {
    ...common,
    ...{ unit: 'store', maskCycles: bufferCycles(size.maskBytes) },
    tiles: Int32Array.of(bufferCycles(size.bytes)),
    accesses: { ...NO_ACCESS, [size.buffer]: blocks(size.bytes), mask: blocks(size.maskBytes) },
  };
}

function datumOf(
  matrix: Matrix,
  readers: readonly number[],
  accelerator: Accelerator,
  zeros: Zeros,
): Datum {
  const size = sizeOf(matrix, zeros);
  return {
    ...{ name: matrix.name, ...size, readers, inMemory: matrix.origin === 'memory' },
    cycles: memoryCycles(size, accelerator),
    accesses: {
      ...{ ...NO_ACCESS, [size.buffer]: blocks(size.bytes) },
      ...{ mask: blocks(size.maskBytes), memory: blocks(size.bytes + size.maskBytes) },
    },
  };
}
