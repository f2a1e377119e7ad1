// What a `forecaster` or a `cnn` model says of itself.
import { z } from 'zod';
import { cnnPointSchema } from '../../models/cnn-design.ts';
import { designPointSchema } from '../../models/design-point.ts';
import { dynamoDesign } from '../dynamo/design.ts';
import { normalisation } from './encoder-design.ts';

const forecast = {
  /** T, rows that are seen. */
  rows: z.int().positive(),
  /** n, rows that are forecast. */
  horizon: z.int().positive(),
  normalisation,
  /** Heads for further steps, and when their rows are used instead of another run. */
  dynamo: dynamoDesign.optional(),
};

export const forecasterDesign = z.object({
  forecaster: z.object({
    point: designPointSchema,
    /** p, rows of a patch; divides T. */
    patch: z.int().positive(),
    ...forecast,
  }),
});

export const cnnDesign = z.object({ cnn: z.object({ point: cnnPointSchema, ...forecast }) });

export type ForecasterDesign = z.infer<typeof forecasterDesign>['forecaster'];
export type CnnDesign = z.infer<typeof cnnDesign>['cnn'];
export type ForecastDesign = Pick<CnnDesign, keyof typeof forecast>;
