// How TensorFlow runs one kind of step. It differentiates the operations that it has run.
import type { RunState, Step } from '../../../engine/tape/tape.ts';
import type { Tensor } from '../../../engine/tape/tensor.ts';
import type { TensorFlow, TfTensor } from '../api.ts';

export interface OpRun {
  readonly tf: TensorFlow;
  readonly step: Step;
  readonly state: RunState;
  /** The numbers of a constant of the step. */
  readonly read: (tensor: Tensor) => TfTensor;
}

/**
 * Gets the inputs of the step in their shapes. The result may have another shape than the output of the step, but the same
 * order of elements. Only operations with a gradient may be used; of comparisons only >= has one.
 */
export type TensorflowOp = (run: OpRun, ...inputs: TfTensor[]) => TfTensor;

/** All but the last axis are rows. */
export function inRows(x: TfTensor): TfTensor {
  const columns = x.shape.at(-1) ?? 1;
  return x.reshape([x.size / columns, columns]);
}

/** B, T and H of windows (B, T, H). */
export function sizesOf(x: TfTensor): readonly [windows: number, rows: number, columns: number] {
  const [windows = 1, rows = 1, columns = 1] = x.shape;
  return [windows, rows, columns];
}
