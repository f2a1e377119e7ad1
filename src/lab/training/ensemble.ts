// Trains the GON and the forecaster on the same rows, and puts both on one scale.
import { z } from 'zod';
import { ensemble as detector, FORECASTER } from '../../detection/detectors/ensemble.ts';
import { encoderBody } from '../../detection/detectors/networks/forecast.ts';
import { sealModel } from '../../models/model-file.ts';
import type { Trainer } from '../trainer.ts';
import { prepareGon } from './gon/data.ts';
import { trainMembers } from './gon/members.ts';
import { gonOptions } from './gon/options.ts';
import { forecasterDesignOf, forecasterNetworkOptions } from './networks/forecaster-options.ts';
import { rowsOf, trainForecast } from './networks/train-forecast.ts';
import { partOf } from './part-of.ts';
import { calibrate } from './scoring/calibration.ts';
import { scoringOptions } from './scoring/options.ts';
import { trainingCard } from './training-card.ts';

const ensembleOptions = z.strictObject({
  gon: gonOptions.prefault({}).describe('Options of the GON'),
  forecaster: forecasterNetworkOptions.prefault({}).describe('Options of the forecaster'),
  forecasterWeight: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe("Share of the score that is the forecaster's")
    .meta({ unit: 'share' }),
  ...scoringOptions,
});

export const ensemble: Trainer<z.infer<typeof ensembleOptions>> = {
  kind: detector.kind,
  options: ensembleOptions,
  async train(series, { gon, forecaster, forecasterWeight, ...scoring }, context) {
    const startedMs = performance.now();
    const data = prepareGon(series, { ...gon, ...scoring }, context);
    const members = await trainMembers(data, gon, partOf(context, 0));
    const design = forecasterDesignOf(forecaster);
    const forecast = data.admits(rowsOf(forecaster))
      ? await trainForecast(
          { name: FORECASTER, body: encoderBody(design), design },
          data,
          forecaster,
          partOf(context, 1),
        )
      : undefined;
    const trained = {
      design: {
        gon: members.design,
        forecasterWeight,
        ...(forecast && { [FORECASTER]: forecast.design }),
      },
      tensors: { ...members.tensors, ...forecast?.tensors },
    };
    const calibrated = await calibrate(detector, trained, data, scoring, context);
    const finalLosses = [...members.losses, ...(forecast?.losses ?? [])];
    const card = await trainingCard({ series, seed: context.seed, startedMs, finalLosses });
    return sealModel({ ...calibrated, card });
  },
};
