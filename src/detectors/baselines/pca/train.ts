import { z } from 'zod';
import { componentsFor, principalComponents } from '../../training/principal-components.ts';
import { eventLoopPause, type Trainer, type TrainingContext } from '../../training/trainer.ts';
import {
  baselineTrainer,
  type Learnt,
  type NormalWindows,
  thinned,
  windowRows,
} from '../training/baseline-trainer.ts';
import { pca } from './score.ts';

/** Windows for the covariance at most: more change it little and cost O(D^2) each. */
const MOST_WINDOWS = 20_000;

/** A variance below this share of the greatest is rounding error and must not be a divisor. */
const VARIANCE_FLOOR = 1e-9;

const options = z.strictObject({
  statistic: z
    .enum(['q', 't2'])
    .default('q')
    .describe(
      'q = residual that the components do not explain, t2 = distance along the components',
    ),
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
  // Q needs at least one remaining direction in which normal rows vary: in that of a constant channel it would be 0 whatever the
  // others do. T2 needs at least one component.
  const count = statistic === 'q' ? Math.min(wanted, usable - 1) : Math.max(1, wanted);
  const kept = components.slice(0, Math.max(0, Math.min(count, usable)));
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
