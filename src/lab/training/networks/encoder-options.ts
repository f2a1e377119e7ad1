import { z } from 'zod';
import { normalisation } from '../../../detection/detectors/networks/encoder-design.ts';
import { scoringOptions } from '../scoring/options.ts';
import { encoderBodyOptions } from './encoder-body.ts';
import { fittingOptions } from './fitting-options.ts';

/** The network itself and how it is fitted. */
export const encoderNetworkOptions = z.strictObject({
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
});

/** How the detector of that name is trained. */
export const encoderOptions = encoderNetworkOptions.extend(scoringOptions);

export type EncoderNetworkOptions = z.infer<typeof encoderNetworkOptions>;
export type EncoderOptions = z.infer<typeof encoderOptions>;
