import { z } from 'zod';
import { dynamoOptions } from '../../dynamo/training/dynamo-options.ts';
import { normalisation } from '../encoder-design.ts';
import { fittingOptions } from './fitting-options.ts';

/** How a network that forecasts is trained, whatever its body. */
export const forecastNetworkOptions = {
  rows: z
    .int()
    .min(4)
    .max(256)
    .default(32)
    .describe('Rows that the forecast is made from')
    .meta({ unit: 'rows' }),
  horizon: z
    .int()
    .min(1)
    .max(32)
    .default(1)
    .describe('Rows that are forecast; scores are made of the first')
    .meta({ unit: 'rows' }),
  normalisation: normalisation
    .default('none')
    .describe('What of a window the network does not see: its level, or its spread too'),
  loss: z
    .enum(['huber', 'squared'])
    .default('huber')
    .describe('What training lowers: the squared error, or one that goes on straight beyond 1'),
  dynamo: dynamoOptions
    .optional()
    .describe('Heads that forecast further rows, used instead of a run where they are sure'),
  ...fittingOptions,
};

export type ForecastNetworkOptions = z.infer<z.ZodObject<typeof forecastNetworkOptions>>;
