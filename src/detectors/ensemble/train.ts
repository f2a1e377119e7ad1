// Trains the GON and the forecaster on the same rows, and puts both on one scale.
import { z } from 'zod';
import { prepareGon } from '../gon/training/data.ts';
import { trainMembers } from '../gon/training/members.ts';
import { gonOptions } from '../gon/training/options.ts';
import { normalisation } from '../networks/encoder-design.ts';
import { encoderBody } from '../networks/forecast.ts';
import { canFit } from '../networks/training/fit-network.ts';
import {
  forecasterDesignOf,
  forecasterNetworkOptions,
} from '../networks/training/forecaster-options.ts';
import { rowsOf, trainForecast } from '../networks/training/train-forecast.ts';
import { scoringOptions } from '../scoring/training/options.ts';
import { pathTrainer } from '../scoring/training/trainer.ts';
import { withHalfProgress } from '../training/part-progress.ts';
import { ensemble as detector, FORECASTER } from './ensemble.ts';

const ensembleOptions = z.strictObject({
  gon: gonOptions.prefault({}).describe('Options of the GON'),
  forecaster: forecasterNetworkOptions
    .extend({
      // The GON sees shapes; beside it a forecast that does not follow the level of a window does better than one that
      // does (lab/evaluation/NOTES.md), which alone is the better detector.
      normalisation: normalisation.default('level').describe('What the forecaster does not see'),
    })
    .prefault({})
    .describe('Options of the forecaster'),
  forecasterWeight: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe("Share of the score that is the forecaster's")
    .meta({ unit: 'share' }),
  ...scoringOptions,
});

export const ensemble = pathTrainer<z.infer<typeof ensembleOptions>>({
  detector,
  options: ensembleOptions,
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
