import { z } from 'zod';
import type { Trainer } from '../../training/trainer.ts';
import { baselineTrainer } from '../training/baseline-trainer.ts';
import { firstDifference } from './score.ts';

const options = z.strictObject({});

/** Fits only the scaler. */
export const firstDifferenceTrainer: Trainer<z.infer<typeof options>> = baselineTrainer({
  detector: firstDifference,
  options,
  scaler: 'standard',
  windowLength: () => 2,
  learn: () => ({ design: {}, tensors: {} }),
});
