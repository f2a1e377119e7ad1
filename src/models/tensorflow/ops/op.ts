// How one kind of step is carried out by TensorFlow, which differentiates what it has carried out.
import type { RunState, Step } from '../../../engine/tape/tape.ts';
import type { Tensor } from '../../../engine/tape/tensor.ts';
import type { TensorFlow, TfTensor } from '../api.ts';

export interface OpRun {
  readonly tf: TensorFlow;
  readonly step: Step;
  readonly state: RunState;
  /** The numbers of a constant that the step brings along. */
  readonly read: (tensor: Tensor) => TfTensor;
}

/**
 * Gets the step's inputs in their shapes. What it returns may have another shape than the step's output, not another
 * order of elements. It may hold only operations that have a gradient, which comparisons but >= have not.
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
