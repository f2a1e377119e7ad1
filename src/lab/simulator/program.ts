// The work of a network as tasks of one accelerator: each operation as the cycles of its tiles and what they cost, then the
// store of its result; each matrix as bytes in a buffer. Loads are the engine's: a matrix may be loaded more than once.
import type { Accelerator } from './accelerator.ts';
import { costModelOf } from './hardware.ts';
import { type Matrix, macsOf, type Operation, type Work } from './lowering/graph.ts';
import { blocks, bufferCycles, memoryCycles, type Size, sizeOf } from './storage.ts';
import {
  type Accesses,
  type CostModel,
  type Datum,
  NO_WORK,
  type Program,
  type ProgramOptions,
  type Task,
  type Unit,
} from './task.ts';
import type { Zeros } from './zeros.ts';

const MB = 1024 * 1024;

export function programOf(work: Work, accelerator: Accelerator, options: ProgramOptions): Program {
  const { training, zeros } = options;
  const tasks: Task[] = [];
  const readers = work.matrices.map((): number[] => []);
  const costs = costModelOf(accelerator, options);
  for (const operation of work.operations) {
    const reads = [...new Set(operation.reads.map(({ id }) => id))];
    for (const id of reads) readers[id]?.push(tasks.length);
    const compute = computeTask(operation, reads, costs);
    tasks.push(compute);
    tasks.push(storeTask(operation, tasks.length - 1, accelerator, zeros));
  }
  for (const { id, name } of work.outputs) {
    readers[id]?.push(tasks.length);
    const size = sizeOf(work.matrices[id] as Matrix, zeros);
    const cycles = memoryCycles(size, accelerator);
    tasks.push({ ...transfer(`${name} out`, cycles, accessesOf(size, true)), reads: [id] });
  }
  const { activation, weight, mask } = accelerator.bufferMb;
  return {
    ...{ accelerator, training, tasks },
    data: work.matrices.map((matrix, id) => datumOf(matrix, readers[id] ?? [], accelerator, zeros)),
    units: { ...costs.units, memory: 1, store: 1 },
    capacity: {
      activation: Math.floor(activation * MB),
      weight: Math.floor(weight * MB),
      mask: Math.floor(mask * MB),
    },
  };
}

/** Shared by all transfers: a DMA works on each. */
const TRANSFER_WORK = { ...NO_WORK, dma: 1 };

const UNIT_OF: Readonly<Record<Operation['kind'], Unit>> = {
  product: 'lane',
  convolution: 'lane',
  element: 'lane',
  pool: 'lane',
  nonlinearity: 'lane',
  softmax: 'softmax',
  norm: 'norm',
};

function computeTask(operation: Operation, reads: readonly number[], costs: CostModel): Task {
  const { name, kind } = operation;
  return {
    name,
    kind,
    unit: UNIT_OF[kind],
    maskCycles: 0,
    reads,
    writes: -1,
    after: -1,
    macs: macsOf(operation),
    ...costs.costOf(operation),
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
  const cycles = toMemory ? memoryCycles(size, accelerator) : bufferCycles(size.bytes);
  const task = transfer(`${name} store`, cycles, accessesOf(size, toMemory));
  task.writes = writes.id;
  task.after = after;
  if (!toMemory) {
    task.unit = 'store';
    task.maskCycles = bufferCycles(size.maskBytes);
    return task;
  }
  // From the lanes, past the buffers.
  task.accesses = { activation: 0, weight: 0, mask: 0, memory: task.accesses.memory };
  return task;
}

/** On the memory port. */
function transfer(
  name: string,
  cycles: number,
  accesses: Accesses,
): { -readonly [Part in keyof Task]: Task[Part] } {
  return {
    name,
    kind: 'store',
    unit: 'memory',
    tiles: Int32Array.of(cycles),
    maskCycles: 0,
    reads: [],
    writes: -1,
    after: -1,
    work: TRANSFER_WORK,
    accesses,
    macs: 0,
    issued: 0,
    padded: 0,
  };
}

function accessesOf({ buffer, bytes, maskBytes }: Size, withMemory: boolean): Accesses {
  return {
    activation: buffer === 'activation' ? blocks(bytes) : 0,
    weight: buffer === 'weight' ? blocks(bytes) : 0,
    mask: blocks(maskBytes),
    memory: withMemory ? blocks(bytes + maskBytes) : 0,
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
    name: matrix.name,
    buffer: size.buffer,
    bytes: size.bytes,
    maskBytes: size.maskBytes,
    inMemory: matrix.origin === 'memory',
    cycles: memoryCycles(size, accelerator),
    accesses: accessesOf(size, true),
    readers,
  };
}
