// Tasks and data of a program, as the engine runs them.
import type { Accelerator, ModuleName } from './accelerator.ts';
import type { Operation } from './lowering/graph.ts';
import type { Buffer } from './modules.ts';
import type { LaneModel } from './tiles.ts';
import type { Zeros } from './zeros.ts';

/** What works on a task. A store works from the lanes to the activation buffer. */
export const UNITS = ['lane', 'softmax', 'norm', 'memory', 'store'] as const;
export type Unit = (typeof UNITS)[number];
export type DataBuffer = Exclude<Buffer, 'mask'>;

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
