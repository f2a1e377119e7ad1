import { z } from 'zod';
import type { Trainer } from '../../training/trainer.ts';
import {
  baselineTrainer,
  type Learnt,
  type NormalWindows,
  thinned,
  windowRows,
} from '../training/baseline-trainer.ts';
import { knn } from './score.ts';

const options = z.strictObject({
  windowLength: windowRows,
  neighbours: z
    .int()
    .min(1)
    .max(200)
    .default(1)
    .describe('Nearest windows whose distances are averaged'),
  references: z
    .int()
    .min(20)
    .max(20_000)
    .default(3000)
    .describe('Normal windows that are remembered, evenly spaced over the training data'),
});
type KnnOptions = z.infer<typeof options>;

/** Stores a sample of the training windows. */
export const knnTrainer: Trainer<KnnOptions> = baselineTrainer({
  detector: knn,
  options,
  scaler: 'standard',
  windowLength: ({ windowLength }) => windowLength,
  learn,
});

function learn(
  { windows, width, length }: NormalWindows,
  { neighbours, references }: KnnOptions,
): Learnt {
  const kept = thinned(windows, references);
  const data = new Float32Array(kept.length * width * length);
  kept.forEach((window, i) => {
    data.set(window, i * width * length);
  });
  return {
    design: { neighbours: Math.min(neighbours, kept.length), references: kept.length },
    tensors: { references: { shape: [kept.length, width * length], data } },
  };
}
