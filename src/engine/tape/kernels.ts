// The interface of an engine for tapes: functions on one memory of floats. `kernels/` implements it twice, in
// WebAssembly and in plain loops; the plain twin also runs in double precision, which is how gradients are checked.
//
// Notation   Addresses are places in that memory, counted in elements; 0 means "none". So are steps between rows
//            (`Down`) and between columns (`Across`). Rows and columns are counted, never in bytes. "Adds" means that
//            the result is added to the target; otherwise the target is overwritten.
import type { Floats } from '../floats.ts';
import type {
  ActivationKernels,
  BlockKernels,
  DropoutKernels,
  ElementKernels,
  LayerNormKernels,
} from './kernels/elements.ts';
import type { KeptProductKernels } from './kernels/kept-products.ts';
import type { LossKernels } from './kernels/losses.ts';
import type { ConvolutionKernels, PoolingKernels } from './kernels/windows.ts';

/** Families of kernels, one per file in both engines. */
export interface TapeKernels
  extends ProductKernels,
    KeptProductKernels,
    LossKernels,
    SoftmaxKernels,
    ElementKernels,
    BlockKernels,
    ActivationKernels,
    LayerNormKernels,
    DropoutKernels,
    PoolingKernels,
    ConvolutionKernels {}

export interface ProductKernels {
  /**
   * c (M, N) = start (M, N) + a (M, K) b (K, N). Exchanged steps read a transposed; a `startDown` of 0 adds the same
   * row to all; `start` 0 adds nothing, `start` = c adds to c. c may not overlap a or b.
   */
  multiply(
    c: number,
    cDown: number,
    a: number,
    aDown: number,
    aAcross: number,
    b: number,
    bDown: number,
    start: number,
    startDown: number,
    rows: number,
    columns: number,
    inner: number,
  ): void;
  /** to (columns, rows) = from (rows, columns), its rows `fromDown` apart, transposed. */
  transpose(to: number, from: number, fromDown: number, rows: number, columns: number): void;
  /** Adds the sum of the rows of `from`, (rows, columns), to `to`, (columns,). */
  addRows(to: number, from: number, fromDown: number, rows: number, columns: number): void;
}

export interface SoftmaxKernels {
  /**
   * to = softmax of each row of `scale` from, (rows, columns). If `causal` is not 0, row i uses its first
   * i % columns + 1 elements, and the others become 0. `to` may be `from`; `scale` is positive.
   */
  softmaxRows(
    to: number,
    from: number,
    rows: number,
    columns: number,
    scale: number,
    causal: number,
  ): void;
  /** to = start + gradient of from, by `gradient` of the probabilities. `start` 0 adds nothing; any may be `to`. */
  softmaxBack(
    to: number,
    gradient: number,
    probabilities: number,
    start: number,
    rows: number,
    columns: number,
    scale: number,
  ): void;
}

/** Memory of one program with the kernels that work on it. */
export interface TapeInstance<A extends Floats = Float32Array> {
  readonly memory: A;
  /** First free element, never 0. */
  readonly base: number;
  readonly kernels: TapeKernels;
}

export interface TapeEngine<A extends Floats = Float32Array> {
  readonly name: string;
  /** Zeroed memory from `base` on. Throws `DeviceError` if there is not enough memory. */
  instance(elements: number): TapeInstance<A>;
}
