// Attributes of the steps of a tape for engines without our kernels: ONNX Runtime, TensorFlow, and simulated accelerators.
import { type HeadWidths, headWidthsIn, placed } from '../engine/ops/head-widths.ts';
import type { Pruning, Step } from '../engine/tape/tape.ts';

/** Slope of `leaky-relu`, that of PyTorch, as in engine/ops/activation.ts. */
export const LEAK = 0.01;

/** Added to scores of hidden rows: exp of it is 0, and its differences are not NaN as those of infinity. */
const UNSEEN = -1e30;

/** A numeric attribute. Throws `TypeError` when it is missing. */
export function numberOf({ kind, attributes }: Step, name: string): number {
  const value = attributes?.[name];
  if (typeof value === 'number') return value;
  throw new TypeError(`a step ${kind} has ${name} ${value}, expected a number`);
}

/** The heads of a step of attention, each with its columns. */
export function headsOf({ attributes }: Step): ReturnType<typeof placed> {
  return placed(headWidthsIn(attributes?.['heads']));
}

/** Whether all heads have the same number of columns, so that they can be computed at once. */
export function areAlike([first, ...others]: readonly HeadWidths[]): boolean {
  return others.every(({ query, value }) => query === first?.query && value === first?.value);
}

export function isCausal({ attributes }: Step): boolean {
  return attributes?.['causal'] === true;
}

/** (T, T), to be added to scores: hides from each row the rows after it. */
export function hidingFuture(rows: number): Float32Array {
  return Float32Array.from({ length: rows * rows }, (_, at) =>
    at % rows > Math.floor(at / rows) ? UNSEEN : 0,
  );
}

/** How a step prunes an operand, by its attributes; `of` is their prefix. Undefined = not at all. */
export function pruningOf(step: Step, of?: 'query' | 'probability'): Pruning | undefined {
  const [formName, thresholdName] = of ? [`${of}Form`, `${of}Threshold`] : ['form', 'threshold'];
  const form = step.attributes?.[formName];
  if (form !== 'elements' && form !== 'columns') return undefined;
  return { form, threshold: numberOf(step, thresholdName) };
}
