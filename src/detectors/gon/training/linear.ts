// Fits the linear member of a GON and the span of single rows, both by principal components.

import type { ModelTensor } from '../../../models/model.ts';
import { halfLivesFor, type TrainingData } from '../../scoring/training/data.ts';
import { thinned, windowAt, windowTable } from '../../scoring/training/window-table.ts';
import { componentsFor, principalComponents } from '../../training/principal-components.ts';
import { eventLoopPause, type TrainingContext } from '../../training/trainer.ts';
import type { LinearDesign } from '../design.ts';
import { LINEAR, ROW_SPAN } from '../linear.ts';
import type { GonOptions } from './data.ts';

/** Share of the variance that the span explains. */
const EXPLAINED = 0.9;
/** Cells of a window at most, since the covariance takes seconds then, and windows it is computed from. */
const MOST_INPUTS = 1000;
const MOST_WINDOWS = 1500;
/** Single rows cost far less, and rare ones among them change the span. */
const MOST_ROWS = 20_000;
/** Maximum number of components: each costs memory and two products a row. */
const MOST_COMPONENTS = 48;

interface Span {
  /** K. */
  readonly components: number;
  readonly tensors: Readonly<Record<string, ModelTensor>>;
}

/** With a single channel the span of its windows would contain any slow change (lab/evaluation/NOTES.md). */
export const LEAST_CHANNELS = 2;

/** Undefined if the options disable it, or there are too few channels or windows. O(N n^2 + n^3), n cells of a window. */
export async function trainLinear(
  data: TrainingData,
  { linearLength, linearWeight }: GonOptions,
  { signal }: TrainingContext,
): Promise<{ readonly design: LinearDesign; readonly tensors: Span['tensors'] } | undefined> {
  const width = data.series.channels.length;
  const length = Math.min(linearLength, Math.floor(MOST_INPUTS / width));
  const wanted = width >= LEAST_CHANNELS && length > 0 && linearWeight > 0;
  if (!wanted || !data.admits(length)) return undefined;
  await eventLoopPause(signal)();
  const span = spanOf(data, length, MOST_WINDOWS, LINEAR);
  if (!span) return undefined;
  const { components, tensors } = span;
  const halfLives = halfLivesFor(length);
  return { design: { length, components, halfLives, weight: linearWeight }, tensors };
}

/** Undefined if there are too few rows or channels. */
export function trainRowSpan(data: TrainingData): Span | undefined {
  const admitted = data.series.channels.length >= LEAST_CHANNELS && data.admits(1);
  return admitted ? spanOf(data, 1, MOST_ROWS, ROW_SPAN) : undefined;
}

function spanOf(
  data: TrainingData,
  length: number,
  mostWindows: number,
  prefix: string,
): Span | undefined {
  const table = thinned(windowTable(data, length, [0, data.cut]), mostWindows);
  const windows = Array.from(table.starts, (_, i) => windowAt(table, i));
  const { mean, components, variances } = principalComponents(windows);
  // At least one direction must remain, otherwise all distances are 0.
  const most = Math.min(MOST_COMPONENTS, mean.length - 1);
  const kept = components.slice(0, Math.min(most, componentsFor(variances, EXPLAINED)));
  // Constant channels have no directions.
  if (kept.length === 0) return undefined;
  const rows = Float32Array.from(kept.flatMap((component) => [...component]));
  return {
    components: kept.length,
    tensors: {
      [`${prefix}.mean`]: { shape: [mean.length], data: Float32Array.from(mean) },
      [`${prefix}.components`]: { shape: [kept.length, mean.length], data: rows },
    },
  };
}
