// Trains convolutions along time to tell the next row from the rows before it.
import { z } from 'zod';
import { type CnnPoint, cnnPointSchema } from '../../models/cnn-design.ts';
import { cnnBody } from '../networks/forecast.ts';
import type { CnnDesign } from '../networks/forecast-design.ts';
import { forecastNetworkOptions } from '../networks/training/forecast-options.ts';
import { forecastTrainer } from '../networks/training/forecast-trainer.ts';
import { scoringOptions } from '../scoring/training/options.ts';
import { cnn as detector } from './cnn.ts';

const near = { operation: { op: 'convolution', kernel: 5 }, inputs: [0] } as const;
const far = { operation: { op: 'dilated' }, inputs: [1] } as const;

/** Made by hand, until a search has found a better one for the device: its newest row sees 60 rows. */
const DEFAULT_POINT: CnnPoint = {
  cells: [16, 32, 32].map((channels) => ({
    channels,
    activation: 'silu',
    vertices: [near, far].map(({ operation, inputs }) => ({ operation, inputs: [...inputs] })),
    output: [0, 2],
  })),
};

const options = z.strictObject({
  point: cnnPointSchema
    .optional()
    .describe(
      'Cells of the network: channels, activation, graph of operations; default: three cells of 16, 32 and 32 channels',
    ),
  ...forecastNetworkOptions,
  ...scoringOptions,
});

export const cnn = forecastTrainer<z.infer<typeof options>, CnnDesign>({
  detector,
  options,
  designOf: ({ point = DEFAULT_POINT, rows, horizon, normalisation }) => ({
    point,
    rows,
    horizon,
    normalisation,
  }),
  bodyOf: cnnBody,
});
