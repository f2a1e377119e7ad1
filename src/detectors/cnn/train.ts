// Trains convolutions along time to forecast the next row from the rows before it.
import { z } from 'zod';
import { type CnnPoint, cnnPointSchema } from '../../models/cnn-design.ts';
import { type CnnDesign, cnnBody } from '../networks/forecast.ts';
import { forecastNetworkOptions } from '../networks/training/options.ts';
import { forecastTrainer } from '../networks/training/train-forecast.ts';
import { scoringOptions } from '../scoring/training/data.ts';
import { cnn as detector } from './cnn.ts';

const near = { operation: { op: 'convolution', kernel: 5 }, inputs: [0] } as const;
const far = { operation: { op: 'dilated' }, inputs: [1] } as const;

/** Chosen by hand; a search may find a better one for the device. The newest output depends on 60 rows. */
export const DEFAULT_POINT: CnnPoint = {
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
      'Cells of the network: channels, activation, stride, graph of operations; how they join and end; default: three cells of 16, 32 and 32 channels',
    ),
  ...forecastNetworkOptions,
  ...scoringOptions,
});

export function cnnDesignOf({
  point = DEFAULT_POINT,
  rows,
  horizon,
  normalisation,
}: z.infer<typeof options>): CnnDesign {
  return { point, rows, horizon, normalisation };
}

export const cnn = forecastTrainer<z.infer<typeof options>, CnnDesign>({
  detector,
  options,
  designOf: cnnDesignOf,
  bodyOf: cnnBody,
});
