import { z } from 'zod';
import { firstDifference } from '../../../detection/detectors/first-difference.ts';
import type { Trainer } from '../../trainer.ts';
import { baselineTrainer } from './baseline-trainer.ts';

const options = z.strictObject({});

/** Nothing but the scaler is learnt. */
export const firstDifferenceTrainer: Trainer<z.infer<typeof options>> = baselineTrainer({
  detector: firstDifference,
  options,
  scaler: 'standard',
  windowLength: () => 2,
  learn: () => ({ design: {}, tensors: {} }),
});
