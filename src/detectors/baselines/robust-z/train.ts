import { z } from 'zod';
import type { Trainer } from '../../training/trainer.ts';
import { baselineTrainer } from '../training/baseline-trainer.ts';
import { robustZ } from './score.ts';

const options = z.strictObject({});

/** Fits only the scaler: median and robust deviation of each channel. */
export const robustZTrainer: Trainer<z.infer<typeof options>> = baselineTrainer({
  detector: robustZ,
  options,
  scaler: 'robust',
  windowLength: () => 1,
  learn: () => ({ design: {}, tensors: {} }),
});
