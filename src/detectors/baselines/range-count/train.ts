import { z } from 'zod';
import type { Trainer } from '../../training/trainer.ts';
import { baselineTrainer, type NormalWindows } from '../training/baseline-trainer.ts';
import { rangeCount } from './score.ts';

const options = z.strictObject({});

/** Stores the least and the greatest training value of each channel. */
export const rangeCountTrainer: Trainer<z.infer<typeof options>> = baselineTrainer({
  detector: rangeCount,
  options,
  scaler: 'standard',
  windowLength: () => 1,
  learn: ({ width, windows }: NormalWindows) => {
    const low = new Float32Array(width).fill(Infinity);
    const high = new Float32Array(width).fill(-Infinity);
    for (const row of windows) {
      row.forEach((value, c) => {
        low[c] = Math.min(low[c] as number, value);
        high[c] = Math.max(high[c] as number, value);
      });
    }
    const shape = [width];
    return { design: {}, tensors: { low: { shape, data: low }, high: { shape, data: high } } };
  },
});
