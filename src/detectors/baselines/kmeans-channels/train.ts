import { z } from 'zod';
import { createRandom, type Random } from '../../../engine/random.ts';
import { extent } from '../../../engine/statistics.ts';
import { eventLoopPause } from '../../training/event-loop-pause.ts';
import type { Trainer, TrainingContext } from '../../training/trainer.ts';
import { baselineTrainer, type Learnt, type NormalWindows } from '../training/baseline-trainer.ts';
import { kMeans } from '../training/k-means.ts';
import { thinned } from '../training/thinned.ts';
import { CLUSTERS, FEATURES, featuresOf, kmeansChannels, meanDistance, ROWS } from './score.ts';

/** Netdata learns a model from 21,600 rows and takes a fifth of them. */
const MOST_VECTORS = 4320;

/** A stretch shorter than this says too little of what is normal; Netdata's least is 900 rows. */
const FEWEST_VECTORS = 60;

const options = z.strictObject({
  models: z
    .int()
    .min(1)
    .max(50)
    .default(18)
    .describe('Models a channel, each from its own stretch of the training'),
});
type KmeansChannelsOptions = z.infer<typeof options>;

/** One model a channel and stretch; stretches overlap by half, as six hours of training every three hours do. */
export const kmeansChannelsTrainer: Trainer<KmeansChannelsOptions> = baselineTrainer({
  detector: kmeansChannels,
  options,
  scaler: 'standard',
  windowLength: () => ROWS,
  learn,
});

async function learn(
  { windows, width }: NormalWindows,
  options: KmeansChannelsOptions,
  { seed, signal }: TrainingContext,
): Promise<Learnt> {
  const random = createRandom(seed);
  const pause = eventLoopPause(signal);
  const models = Math.max(
    1,
    Math.min(options.models, Math.floor(windows.length / FEWEST_VECTORS) - 1),
  );
  const step = Math.floor(windows.length / (models + 1));
  const centres = new Float32Array(models * width * CLUSTERS * FEATURES);
  const limits = new Float32Array(models * width * 2);
  for (let m = 0; m < models; m++) {
    const stretch = thinned(windows.slice(m * step, (m + 2) * step), MOST_VECTORS);
    for (let c = 0; c < width; c++) {
      const at = m * width + c;
      const from = at * CLUSTERS * FEATURES;
      const vectors = stretch.map((window) => vectorOf(window, width, c));
      centres.set(await centresOf(vectors, random, pause), from);
      limits.set(extent(vectors.map((vector) => meanDistance(vector, centres, from))), 2 * at);
    }
  }
  return {
    design: { models },
    tensors: {
      centres: { shape: [models, width, CLUSTERS, FEATURES], data: centres },
      limits: { shape: [models, width, 2], data: limits },
    },
  };
}

function vectorOf(window: Float32Array, width: number, channel: number): Float64Array {
  const vector = new Float64Array(FEATURES);
  featuresOf(window, width, channel, vector);
  return vector;
}

/** Both centres one after the other; the same one twice where the channel never moved. */
async function centresOf(
  vectors: readonly Float64Array[],
  random: Random,
  pause: () => Promise<void>,
): Promise<readonly number[]> {
  const found = await kMeans(vectors, CLUSTERS, random, pause);
  return Array.from({ length: CLUSTERS }, (_, k) => [...(found[k] ?? found[0] ?? [])]).flat();
}
