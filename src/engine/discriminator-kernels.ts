// The interface of an engine for GON: the discriminator's forward pass, the whole input-space optimisation, and one
// training step, each one call. `kernels/` implements it twice: WebAssembly SIMD, and the plain TypeScript twin;
// TensorFlow in `models/tensorflow.ts` has the same interface, but may allocate.
//
// Notation   B batch, n inputs (T*C), h1/h2 hidden widths, z the optimised input, x the observed input.

import type { Floats } from './floats.ts';
import type { Program, ProgramOptions } from './tape/program.ts';
import type { RecordedTape } from './tape/tape.ts';

/** n -> h1 -> h2 -> 1 with LeakyReLU between; the output is a logit. `slope` 1 makes it linear, as upstream runs. */
export interface DiscriminatorShape {
  readonly inputs: number;
  readonly hidden1: number;
  readonly hidden2: number;
  readonly slope: number;
}

/** Weights as named views, row-major (out, in); writable between calls. */
export interface DiscriminatorWeights<A extends Floats = Float32Array> {
  readonly w1: A; // (h1, n)
  readonly b1: A; // (h1,)
  readonly w2: A; // (h2, h1)
  readonly b2: A; // (h2,)
  readonly w3: A; // (h2,)
  readonly b3: A; // (1,)
}

/** Upstream's input optimisation: Adam, cosine rate with period 20, clamp to [0,1], BCE to a target, stop rule. */
export interface AdamAscent {
  readonly rule: 'adam';
  readonly maxSteps: number;
  readonly learningRate: number;
  readonly target: number;
  readonly epsilon: number;
}

/**
 * Gradient ascent on log sigmoid(D(z)) - (anchorWeight / n) |z - x|^2 with backtracking: the step grows 1.5-fold
 * when it improved the objective and halves, undone, when it did not.
 */
export interface BacktrackingAscent {
  readonly rule: 'backtracking';
  readonly steps: number;
  readonly firstStep: number;
  readonly anchorWeight: number;
}

/** `steps` steps of fixed length along the gradient's direction; makes fakes for training. */
export interface NormalisedAscent {
  readonly rule: 'normalised';
  readonly steps: number;
  readonly stepLength: number;
}

export type Ascent = AdamAscent | BacktrackingAscent | NormalisedAscent;

/** One minibatch of GON training. */
export interface TrainStep {
  /** The first `optimised` fakes take these steps before D gets them. */
  readonly optimised: number;
  readonly ascent: NormalisedAscent;
  readonly realLabel: number;
  readonly fakeLabel: number;
  /** Weight of |grad_x D(real)|^2. */
  readonly gradientPenalty: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

export interface DiscriminatorKernels<A extends Floats = Float32Array> {
  readonly shape: DiscriminatorShape;
  readonly maxBatch: number;
  readonly weights: DiscriminatorWeights<A>;
  /** Gradient of the last `trainStep`, without weight decay. */
  readonly gradients: DiscriminatorWeights<A>;
  /** (maxBatch, n): the caller writes windows here; `forward`, `ascend` and `trainStep` read them. Views stay valid. */
  readonly x: A;
  /** (maxBatch, n): starting points for `ascend`, overwritten with the result; the fakes of `trainStep`. */
  readonly z: A;
  /** (maxBatch,): logits of the last `forward`, or of z after `ascend`; `trainStep` leaves them undefined. */
  readonly logits: A;
  forward(batch: number): void;
  /** Optimises the first `batch` rows of z; x is the anchor and is not changed. Allocates nothing. */
  ascend(batch: number, ascent: Ascent): void;
  /** x = real, z = fakes, both (batch, n). Returns the BCE of real plus that of fake (ln 2 * 2 = collapsed). */
  trainStep(batch: number, step: TrainStep): number;
}

/** Exact nearest neighbours of windows among remembered ones. */
export interface NeighbourKernels {
  readonly inputs: number;
  /** (maxRows, n): the remembered windows; writable between calls. */
  readonly rows: Float32Array;
  /** (maxBatch, n): the windows to search for. */
  readonly x: Float32Array;
  /** (maxBatch, maxNeighbours): row numbers found by the last search, nearest first; `neighbours` of each line used. */
  readonly indices: Int32Array;
  /** (maxBatch, maxNeighbours): squared distances, ascending. */
  readonly distances: Float32Array;
  /** Searches the first `rowCount` rows for each of the first `batch` windows. Ties go to the lower row number. */
  search(batch: number, rowCount: number, neighbours: number): void;
}

export interface NeighbourCapacity {
  readonly inputs: number;
  readonly maxRows: number;
  readonly maxBatch: number;
  readonly maxNeighbours: number;
}

/** The stretches of a search among cells that other searches share. */
export interface StretchPlaces {
  /** n, cells of a stretch. */
  readonly inputs: number;
  /** First cell of each. */
  readonly starts: readonly number[];
  /** (stretches, C): stretches, (n / C, C), are compared without these. Absent = as they are. */
  readonly levels?: Float32Array;
}

/** Finds the nearest of its stretches, exactly. */
export interface StretchSearch {
  /** (n,) what to search for. */
  readonly x: Float32Array;
  /** The number of the nearest stretch; of equal ones the first, -1 where x has no distance. */
  nearest(): number;
}

/** Searches among stretches of the same cells, which are kept once however many searches there are. */
export interface StretchKernels {
  /** To be read only. */
  readonly cells: Float32Array;
  readonly searches: readonly StretchSearch[];
}

/** One engine, e.g. the SIMD build; `engine/kernels/load.ts` picks among our own, `models/load-engine.ts` among all. */
export interface Kernels {
  readonly name: 'wasm-simd' | 'wasm-relaxed' | 'plain' | 'tensorflow';
  discriminator(shape: DiscriminatorShape, maxBatch: number): DiscriminatorKernels;
  neighbours(capacity: NeighbourCapacity): NeighbourKernels;
  /** Copies the cells. */
  stretches(cells: Float32Array, places: readonly StretchPlaces[]): StretchKernels;
  /** Compiles a tape to a program. Throws `DeviceError` if there is not enough memory. */
  compile(tape: RecordedTape, options?: ProgramOptions): Program;
}
