import { z } from 'zod';
import { eventLoopPause } from '../../training/event-loop-pause.ts';
import { componentsFor, principalComponents } from '../../training/principal-components.ts';
import type { Trainer, TrainingContext } from '../../training/trainer.ts';
import { baselineTrainer, type Learnt, type NormalWindows } from '../training/baseline-trainer.ts';
import { thinned } from '../training/thinned.ts';
import { windowRows } from '../training/window-rows.ts';
import { pca } from './score.ts';

/** Windows the covariance is made of: more change it little and cost O(D^2) each. */
const MOST_WINDOWS = 20_000;

/** A variance below this share of the greatest is noise of the arithmetic and may not divide. */
const VARIANCE_FLOOR = 1e-9;

const options = z.strictObject({
  statistic: z
    .enum(['q', 't2'])
    .default('q')
    .describe('q = what the components leave unexplained, t2 = distance along them'),
  windowLength: windowRows,
  variance: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe('Share of the variance the components explain')
    .meta({ unit: 'share' }),
});
type PcaOptions = z.infer<typeof options>;

/** Keeps the components of the training windows. Training costs O(N D^2 + D^3), D = rows times channels of a window. */
export const pcaTrainer: Trainer<PcaOptions> = baselineTrainer({
  detector: pca,
  options,
  scaler: 'standard',
  windowLength: ({ windowLength }) => windowLength,
  learn,
});

async function learn(
  normal: NormalWindows,
  { statistic, variance }: PcaOptions,
  { signal }: TrainingContext,
): Promise<Learnt> {
  await eventLoopPause(signal)();
  const { mean, components, variances } = principalComponents(
    thinned(normal.windows, MOST_WINDOWS),
  );
  const usable = variances.filter(
    (value) => value > VARIANCE_FLOOR * (variances[0] as number),
  ).length;
  const wanted = componentsFor(variances, variance);
  // Q needs a direction left over, T2 at least one to look along.
  const count = statistic === 'q' ? Math.min(wanted, mean.length - 1) : Math.max(1, wanted);
  const kept = components.slice(0, Math.min(count, usable));
  return {
    design: { statistic, components: kept.length },
    tensors: {
      mean: { shape: [mean.length], data: Float32Array.from(mean) },
      variances: {
        shape: [kept.length],
        data: Float32Array.from(variances.subarray(0, kept.length)),
      },
      components: { shape: [kept.length, mean.length], data: joined(kept, mean.length) },
    },
  };
}

function joined(rows: readonly Float64Array[], width: number): Float32Array {
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    data.set(row, i * width);
  });
  return data;
}
