import { z } from 'zod';
import { robustZ } from '../../../detection/detectors/robust-z.ts';
import type { Trainer } from '../../trainer.ts';
import { baselineTrainer } from './baseline-trainer.ts';

const options = z.strictObject({});

/** Nothing but the scaler is learnt: median and robust deviation of each channel. */
export const robustZTrainer: Trainer<z.infer<typeof options>> = baselineTrainer({
  detector: robustZ,
  options,
  scaler: 'robust',
  windowLength: () => 1,
  learn: () => ({ design: {}, tensors: {} }),
});
