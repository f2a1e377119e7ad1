import { z } from 'zod';
import { type DesignPoint, designPointSchema } from '../../../models/design-point.ts';

/** What a time-series transformer is made of; part of the options of each kind that has one. */
export const encoderBodyOptions = {
  patch: z
    .int()
    .min(1)
    .max(32)
    .default(4)
    .describe('Rows that become one vector; divides the window')
    .meta({ unit: 'rows' }),
  point: designPointSchema
    .optional()
    .describe(
      'Layers of the encoder: width, heads and feed-forward stack of each; default: two layers of 32',
    ),
};

const attention = { op: 'attention', form: 'scaled' } as const;
const layer = { hidden: 32, heads: [attention, attention], feedForward: [64] };

/** Made by hand, until a search has found a better one for the device. */
export const DEFAULT_POINT: DesignPoint = { layers: [layer, layer] };
