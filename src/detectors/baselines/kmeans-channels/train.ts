import { z } from 'zod';
import { createRandom, type Random } from '../../../engine/random.ts';
import { extent } from '../../../engine/statistics.ts';
import { eventLoopPause, type Trainer, type TrainingContext } from '../../training/trainer.ts';
import {
  baselineTrainer,
  type Learnt,
  type NormalWindows,
  thinned,
} from '../training/baseline-trainer.ts';
import { kMeans } from '../training/k-means.ts';
import { CLUSTERS, FEATURES, featuresOf, kmeansChannels, meanDistance, ROWS } from './score.ts';

/** Netdata trains a model on a fifth of 21,600 rows. */
const MOST_VECTORS = 4320;

/** Least rows of a stretch; Netdata's is 900. */
const FEWEST_VECTORS = 60;

const options = z.strictObject({
  models: z
    .int()
    .min(1)
    .max(50)
    .default(18)
    .describe('Models per channel, each from its own stretch of the training data'),
});
type KmeansChannelsOptions = z.infer<typeof options>;

/** One model per channel and stretch; stretches overlap by half, as Netdata's six hours of training every three hours. */
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

/** Both centres, one after the other; the same one twice if the channel is constant. */
async function centresOf(
  vectors: readonly Float64Array[],
  random: Random,
  pause: () => Promise<void>,
): Promise<readonly number[]> {
  const found = await kMeans(vectors, CLUSTERS, random, pause);
  return Array.from({ length: CLUSTERS }, (_, k) => [...(found[k] ?? found[0] ?? [])]).flat();
}
