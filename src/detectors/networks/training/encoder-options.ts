import { z } from 'zod';
import { scoringOptions } from '../../scoring/training/options.ts';
import { normalisation } from '../encoder-design.ts';
import { encoderBodyOptions } from './encoder-body.ts';
import { fittingOptions } from './fitting-options.ts';

/** How the detector of that name is trained. */
export const encoderOptions = z.strictObject({
  rows: z.int().min(4).max(256).default(32).describe('Window length').meta({ unit: 'rows' }),
  ...encoderBodyOptions,
  groups: z
    .int()
    .min(1)
    .max(16)
    .default(2)
    .describe('Passes a window, each hiding the newest patch of another share of the channels'),
  normalisation: normalisation
    .default('none')
    .describe('What of a window the encoder does not see: its level, or its spread too'),
  hiddenShare: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.3)
    .describe('Share of the patches of channels that training hides'),
  ...fittingOptions,
  ...scoringOptions,
});

export type EncoderOptions = z.infer<typeof encoderOptions>;
