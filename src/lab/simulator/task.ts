// Tasks and data of a program, as the engine runs them.
import type { Accelerator } from './accelerator.ts';
import type { Operation } from './lowering/graph.ts';
import type { Buffer, ModuleName } from './modules.ts';
import type { LaneModel } from './tiles.ts';
import type { Zeros } from './zeros.ts';

/** What works on a task. A store works from the lanes to the activation buffer. */
export const UNITS = ['lane', 'softmax', 'norm', 'memory', 'store'] as const;
export type Unit = (typeof UNITS)[number];
export type DataBuffer = Exclude<Buffer, 'mask'>;

/** What an operation takes from its units. */
export interface Cost {
  /** Cycles of each tile. */
  readonly tiles: Int32Array;
  readonly work: Record<ModuleName, number>;
  readonly accesses: Accesses;
  /** Multiplications that are made; the others have a factor of 0. */
  readonly issued: number;
  /** Multiplications if all tiles were full, or all steps of unrolled loops lay within them. */
  readonly padded: number;
}

/** How an accelerator works on operations. */
export interface CostModel {
  costOf(operation: Operation): Cost;
  readonly units: Readonly<Record<'lane' | 'softmax' | 'norm', number>>;
}

export const NO_WORK: Readonly<Record<ModuleName, number>> = {
  ...{ lane: 0, softmax: 0, norm: 0, fifo: 0, preSparsity: 0, postSparsity: 0, rounding: 0 },
  ...{ dataflow: 0, dma: 0, im2col: 0, pooling: 0 },
};

/** What is read and written, blocks of 64 bytes. */
export type Accesses = Record<Buffer | 'memory', number>;

export interface Datum {
  readonly name: string;
  readonly buffer: DataBuffer;
  readonly bytes: number;
  readonly maskBytes: number;
  /** Whether it lies in main memory before the run. */
  readonly inMemory: boolean;
  /** Cycles of a load, or of a write back. */
  readonly cycles: number;
  readonly accesses: Accesses;
  /** Tasks that read it, in order. */
  readonly readers: readonly number[];
}

export interface Task {
  readonly name: string;
  readonly kind: Operation['kind'] | 'store';
  readonly unit: Unit;
  /** Cycles of each tile, in order. */
  readonly tiles: Int32Array;
  /** Of a store: cycles of the port of the mask buffer. */
  readonly maskCycles: number;
  readonly reads: readonly number[];
  /** Datum that is there when the task has ended; -1 = none. */
  readonly writes: number;
  /** Task that must have ended; -1 = none. */
  readonly after: number;
  readonly work: Record<ModuleName, number>;
  readonly accesses: Accesses;
  readonly macs: number;
  readonly issued: number;
  readonly padded: number;
}

export interface Program {
  readonly accelerator: Accelerator;
  readonly training: boolean;
  readonly tasks: readonly Task[];
  readonly data: readonly Datum[];
  /** Units of each kind. */
  readonly units: Readonly<Record<Unit, number>>;
  readonly capacity: Readonly<Record<Buffer, number>>;
}

export interface ProgramOptions {
  readonly training: boolean;
  readonly zeros: Zeros;
  readonly lanes: LaneModel;
  /** Loops of products, outermost first. */
  readonly order: string;
}
