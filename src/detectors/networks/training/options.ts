// Options that networks share: their layers, and their training.
import { z } from 'zod';
import {
  type DesignPoint,
  designPointSchema,
  FEED_ACTIVATIONS,
} from '../../../models/design-point.ts';
import { dynamoOptions } from '../../dynamo/training/options.ts';
import { normalisation } from '../../normalisation.ts';
import { dynapropOptions } from './dynaprop.ts';

/** Options for training a network on a tape; every kind of detector with such a network includes them. */
export const fittingOptions = {
  steps: z.int().min(1).default(1500).describe('Maximum number of training steps'),
  batch: z.int().min(1).max(1024).default(64).describe('Windows a step'),
  learningRate: z.number().positive().default(2e-3).describe('Highest step size of AdamW'),
  weightDecay: z.number().nonnegative().default(0.01).describe('Weight decay of AdamW'),
  patience: z
    .int()
    .min(1)
    .default(5)
    .describe('Validation checks without improvement after which training stops'),
  dynaprop: dynapropOptions
    .optional()
    .describe('Small activations and gradients that training leaves out of its products'),
};

export type FittingOptions = z.infer<z.ZodObject<typeof fittingOptions>>;

/** Options for the layers of a time-series transformer; every kind of detector with one includes them. */
export const encoderBodyOptions = {
  patch: z
    .int()
    .min(1)
    .max(32)
    .default(4)
    .describe('Rows that become one vector; must divide the window length')
    .meta({ unit: 'rows' }),
  point: designPointSchema
    .optional()
    .describe(
      'Layers of the encoder: width, heads and feed-forward stack of each; default: two layers of 32',
    ),
  activation: z
    .enum(FEED_ACTIVATIONS)
    .default('gelu')
    .describe('Activation of the feed-forward layers; relu leaves more columns empty for dynaprop'),
};

const attention = { op: 'attention', form: 'scaled' } as const;
const layer = { hidden: 32, heads: [attention, attention], feedForward: [64] };

/** Chosen by hand; a search may find a better one for the device. */
export const DEFAULT_POINT: DesignPoint = { layers: [layer, layer] };

/** The layers that the options ask for. */
export function pointOf({
  point = DEFAULT_POINT,
  activation,
}: {
  readonly point?: DesignPoint | undefined;
  readonly activation: (typeof FEED_ACTIVATIONS)[number];
}): DesignPoint {
  return activation === 'gelu' ? point : { ...point, activation };
}

/** Training options of every forecasting network. */
export const forecastNetworkOptions = {
  rows: z
    .int()
    .min(4)
    .max(256)
    .default(32)
    .describe('Rows that the network reads for a forecast')
    .meta({ unit: 'rows' }),
  horizon: z
    .int()
    .min(1)
    .max(32)
    .default(1)
    .describe('Rows that the network forecasts; only the first one is scored')
    .meta({ unit: 'rows' }),
  normalisation: normalisation
    .default('none')
    .describe(
      'What is removed from a window before the network sees it: nothing, its level, or its level and spread',
    ),
  loss: z
    .enum(['huber', 'squared'])
    .default('huber')
    .describe(
      'Training loss: the squared error, or the Huber loss, which is linear beyond an error of 1',
    ),
  dynamo: dynamoOptions
    .optional()
    .describe('Heads that forecast further rows; a confident forecast saves a run of the network'),
  ...fittingOptions,
};

export type ForecastNetworkOptions = z.infer<z.ZodObject<typeof forecastNetworkOptions>>;
