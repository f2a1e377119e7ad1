import { z } from 'zod';
import { createRandom } from '../../../engine/random.ts';
import { eventLoopPause, type Trainer, type TrainingContext } from '../../training/trainer.ts';
import {
  baselineTrainer,
  type Learnt,
  type NormalWindows,
  thinned,
} from '../training/baseline-trainer.ts';
import { kMeans } from '../training/k-means.ts';
import { kmeansWindows, normalisedShape } from './score.ts';

/** Cells that k-means reads in a pass at most (16 MB); with longer or wider windows it uses fewer windows. */
const MOST_CELLS = 4_000_000;

const options = z.strictObject({
  windowLength: z
    .int()
    .min(4)
    .max(200)
    .default(40)
    .describe('Rows of a window')
    .meta({ unit: 'rows' }),
  clusters: z.int().min(1).max(200).default(10).describe('Typical shapes'),
  normalised: z.boolean().default(true).describe('Compare shapes regardless of level and size'),
});
type KmeansWindowsOptions = z.infer<typeof options>;

/** Clusters the training windows; defaults are TSB-AD's tuned settings. */
export const kmeansWindowsTrainer: Trainer<KmeansWindowsOptions> = baselineTrainer({
  detector: kmeansWindows,
  options,
  // Not standardised: a shape over all cells must keep the differences in level between channels.
  scaler: 'minmax',
  windowLength: ({ windowLength }) => windowLength,
  learn,
});

async function learn(
  { windows, width, length }: NormalWindows,
  { clusters, normalised }: KmeansWindowsOptions,
  { seed, signal }: TrainingContext,
): Promise<Learnt> {
  const cells = width * length;
  const some = thinned(windows, Math.max(10 * clusters, Math.floor(MOST_CELLS / cells)));
  const shapes = normalised ? some.map(normalisedShape) : some;
  const centres = await kMeans(shapes, clusters, createRandom(seed), eventLoopPause(signal));
  const data = new Float32Array(centres.length * cells);
  centres.forEach((centre, k) => {
    data.set(centre, k * cells);
  });
  return {
    design: { clusters: centres.length, normalised },
    tensors: { centres: { shape: [centres.length, cells], data } },
  };
}
