// Fits the linear member of a GON: the span of normal windows, in closed form.
import type { LinearDesign } from '../../../detection/detectors/gon/design.ts';
import { LINEAR } from '../../../detection/detectors/gon/linear.ts';
import type { ModelTensor } from '../../../models/model.ts';
import type { TrainingContext } from '../../trainer.ts';
import { breather } from '../breath.ts';
import { componentsFor, principalComponents } from '../principal-components.ts';
import type { TrainingData } from '../scoring/data.ts';
import { halfLivesFor } from '../scoring/half-lives.ts';
import { thinned, windowAt, windowTable } from '../scoring/window-table.ts';
import type { GonOptions } from './options.ts';

/** Share of the variance that the span explains. */
const EXPLAINED = 0.9;
/** Cells of its window, for which a covariance takes seconds, and the windows it is made of. */
const MOST_INPUTS = 1000;
const MOST_WINDOWS = 1500;
/** Components, at most: each costs its room and two products a row. */
const MOST_COMPONENTS = 48;

export interface TrainedLinear {
  readonly design: LinearDesign;
  readonly tensors: Readonly<Record<string, ModelTensor>>;
}

/** A single channel says nothing of others: the span of its windows takes in any slow change (NOTES.md). */
const LEAST_CHANNELS = 2;

/** Undefined where it is not asked for, or channels or windows are too few. O(N n^2 + n^3), n cells of a window. */
export async function trainLinear(
  data: TrainingData,
  { linearLength, linearWeight }: GonOptions,
  { signal }: TrainingContext,
): Promise<TrainedLinear | undefined> {
  const width = data.series.channels.length;
  const length = Math.min(linearLength, Math.floor(MOST_INPUTS / width));
  const wanted = width >= LEAST_CHANNELS && length > 0 && linearWeight > 0;
  if (!wanted || !data.admits(length)) return undefined;
  await breather(signal)();
  const table = thinned(windowTable(data, length, [0, data.cut]), MOST_WINDOWS);
  const windows = Array.from(table.starts, (_, i) => windowAt(table, i));
  const { mean, components, variances } = principalComponents(windows);
  // A direction has to be left over, or there is no distance.
  const most = Math.min(MOST_COMPONENTS, mean.length - 1);
  const kept = components.slice(0, Math.min(most, componentsFor(variances, EXPLAINED)));
  // Channels that never move have no directions.
  if (kept.length === 0) return undefined;
  const rows = Float32Array.from(kept.flatMap((component) => [...component]));
  return {
    design: {
      length,
      components: kept.length,
      halfLives: halfLivesFor(length),
      weight: linearWeight,
    },
    tensors: {
      [`${LINEAR}.mean`]: { shape: [mean.length], data: Float32Array.from(mean) },
      [`${LINEAR}.components`]: { shape: [kept.length, mean.length], data: rows },
    },
  };
}
