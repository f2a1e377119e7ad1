// Trains the published GON exactly as its code runs (imperial-qore/GON, main.py:250-268), kept for comparison.
// Departs from upstream: computed in float32 by the engine (upstream: float64), scaled by our min-max scaler, which
// has a floor for constant channels and clips at 10; training ignores gaps.
import { z } from 'zod';
import { CalibrationError } from '../../core/errors.ts';
import { scaledRows } from '../../detection/windows/gridded.ts';
import { fitScaler } from '../../detection/windows/scaler.ts';
import type { DiscriminatorKernels, TrainStep } from '../../engine/discriminator-kernels.ts';
import type { Floats } from '../../engine/floats.ts';
import { createRandom } from '../../engine/random.ts';
import { initialise, toTensors } from '../../models/discriminator.ts';
import { sealModel } from '../../models/model-file.ts';
import {
  eventLoopPause,
  type Trainer,
  type TrainingContext,
  trainingGrid,
} from '../training/trainer.ts';
import { trainingCard } from '../training/training-card.ts';
import { movedNewest, OFFICIAL_WINDOW, officialAscent, officialShape } from './gon-official.ts';

const options = z.strictObject({
  epochs: z.int().min(1).default(5).describe('Passes over the training windows, in time order'),
  learningRate: z
    .number()
    .positive()
    .default(5e-4)
    .describe('Step size of Adam; upstream takes 1e-4 for SMD'),
});
type OfficialOptions = z.infer<typeof options>;

/** main.py:260 and :272. */
const TRAIN_EPSILON = 1e-3;
const SCORE_EPSILON = 1e-4;

export const gonOfficial: Trainer<OfficialOptions> = {
  kind: 'gon-official',
  options,
  leastRows: () => OFFICIAL_WINDOW,
  async train(raw, options, context) {
    const startedMs = performance.now();
    const { grid: series, watched } = trainingGrid(raw, context);
    if (series.timeMs.length < OFFICIAL_WINDOW) {
      throw new CalibrationError(
        `'${raw.id}' has ${series.timeMs.length} rows, training needs at least ${OFFICIAL_WINDOW}: record longer`,
        { code: 'SEN_CAL_TOO_SHORT' },
      );
    }
    const width = series.channels.length;
    const scaler = fitScaler('minmax', series);
    const rows = scaledRows(series, scaler);
    const kernels = context.kernels.discriminator(officialShape(width), 1);
    initialise(kernels.weights, kernels.shape, createRandom(context.seed).uniform);
    const losses = await trainOfficial(kernels, rows, width, options, context);
    return sealModel({
      kind: 'gon-official',
      channels: series.channels,
      windowLength: OFFICIAL_WINDOW,
      intervalMs: context.intervalMs,
      scaler,
      ...watched,
      design: { epsilon: SCORE_EPSILON },
      tensors: toTensors(kernels.weights, kernels.shape, 'd'),
      calibration: scoreTail(kernels, rows, width),
      card: await trainingCard({
        series: raw,
        seed: context.seed,
        startedMs,
        finalLosses: losses.slice(-1),
      }),
    });
  },
};

/** Trains the kernels' weights in place; resolves to upstream's loss of every window, (BCE real + BCE fake) / 2. */
export async function trainOfficial<A extends Floats>(
  kernels: DiscriminatorKernels<A>,
  rows: A,
  width: number,
  { epochs, learningRate }: OfficialOptions,
  { progress, signal }: Pick<TrainingContext, 'progress' | 'signal'>,
): Promise<number[]> {
  const count = rows.length / width;
  const step = officialStep(learningRate);
  const ascent = officialAscent(TRAIN_EPSILON);
  const losses: number[] = [];
  const pause = eventLoopPause(signal);
  for (let i = 0; i < epochs * count; i += 1) {
    writePadded(rows, width, i % count, kernels.x);
    kernels.z.set(kernels.x);
    kernels.ascend(1, ascent);
    const loss = kernels.trainStep(1, step) / 2;
    losses.push(loss);
    progress({ fraction: (i + 1) / (epochs * count), step: i + 1, steps: epochs * count, loss });
    await pause();
  }
  return losses;
}

/** The kernels minimise the sum of both losses, twice upstream's mean; Adam cancels the factor except in its decay term. */
function officialStep(learningRate: number): TrainStep {
  return {
    optimised: 0,
    ascent: { rule: 'normalised', steps: 0, stepLength: 0 },
    realLabel: 0.9,
    fakeLabel: 0.1,
    gradientPenalty: 0,
    learningRate,
    weightDecay: 2 * 1e-5,
  };
}

/** main.py:24-30: window i holds rows i-15 .. i-1, not row i; rows before the first are the first. */
function writePadded<A extends Floats>(rows: A, width: number, i: number, into: A): void {
  for (let t = 0; t < OFFICIAL_WINDOW; t += 1) {
    const row = Math.max(0, i - OFFICIAL_WINDOW + t);
    into.set(rows.subarray(row * width, (row + 1) * width), t * width);
  }
}

/** Share of the training windows, at their end, whose scores a threshold is fitted to. */
const CALIBRATION_SHARE = 0.2;

/** Upstream trains on all windows and holds none back, so training has used these too. */
function scoreTail(kernels: DiscriminatorKernels, rows: Float32Array, width: number): Float64Array {
  const count = rows.length / width;
  const first = Math.floor(count * (1 - CALIBRATION_SHARE));
  const ascent = officialAscent(SCORE_EPSILON);
  return Float64Array.from({ length: count - first }, (_, i) => {
    writePadded(rows, width, first + i + 1, kernels.x);
    kernels.z.set(kernels.x);
    kernels.ascend(1, ascent);
    return movedNewest(kernels);
  });
}
