// Trains the GON and the forecaster on the same rows, and calibrates both together.
import { z } from 'zod';
import { forecasterDesignOf, forecasterNetworkOptions } from '../forecaster/train.ts';
import { trainMembers } from '../gon/train.ts';
import { gonOptions, prepareGon, shortestOf } from '../gon/training/data.ts';
import { encoderBody } from '../networks/forecast.ts';
import { canFit } from '../networks/training/fit-network.ts';
import { rowsOf, trainForecast } from '../networks/training/train-forecast.ts';
import { normalisation } from '../normalisation.ts';
import { scoringOptions } from '../scoring/training/data.ts';
import { pathTrainer } from '../scoring/training/trainer.ts';
import { withHalfProgress } from '../training/trainer.ts';
import { ensemble as detector, FORECASTER } from './ensemble.ts';

const ensembleOptions = z.strictObject({
  gon: gonOptions.prefault({}).describe('Options of the GON'),
  forecaster: forecasterNetworkOptions
    .extend({
      // Alone, the forecaster does better with the level of a window; together with the GON it does better without it
      // (lab/evaluation/NOTES.md).
      normalisation: normalisation
        .default('level')
        .describe('What is removed from a window before the forecaster sees it'),
    })
    .prefault({})
    .describe('Options of the forecaster'),
  forecasterWeight: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe('Weight of the forecaster in the score')
    .meta({ unit: 'share' }),
  ...scoringOptions,
});

export const ensemble = pathTrainer<z.infer<typeof ensembleOptions>>({
  detector,
  options: ensembleOptions,
  shortest: ({ gon }) => shortestOf(gon),
  async learn(series, { gon, forecaster, forecasterWeight, ...scoring }, context) {
    const data = prepareGon(series, { ...gon, ...scoring }, context);
    const members = await trainMembers(data, gon, withHalfProgress(context, 0));
    const design = forecasterDesignOf(forecaster);
    const forecast = canFit(data, rowsOf(forecaster))
      ? await trainForecast(
          { name: FORECASTER, body: encoderBody(design), design },
          data,
          forecaster,
          withHalfProgress(context, 1),
        )
      : undefined;
    return {
      data,
      design: {
        gon: members.design,
        forecasterWeight,
        ...(forecast && { [FORECASTER]: forecast.design }),
      },
      tensors: { ...members.tensors, ...forecast?.tensors },
      losses: [...members.losses, ...(forecast?.losses ?? [])],
    };
  },
});
