// Trains a time-series transformer to forecast the next row from the rows before it.
import { z } from 'zod';
import { encoderBody, type ForecasterDesign } from '../networks/forecast.ts';
import {
  encoderBodyOptions,
  forecastNetworkOptions,
  pointOf,
} from '../networks/training/options.ts';
import { forecastTrainer } from '../networks/training/train-forecast.ts';
import { scoringOptions } from '../scoring/training/data.ts';
import { forecaster as detector } from './forecaster.ts';

/** Options of a forecasting time-series transformer and of its training. */
export const forecasterNetworkOptions = z.strictObject({
  ...encoderBodyOptions,
  ...forecastNetworkOptions,
});

type ForecasterNetworkOptions = z.infer<typeof forecasterNetworkOptions>;

const options = forecasterNetworkOptions.extend(scoringOptions);

export const forecaster = forecastTrainer<z.infer<typeof options>, ForecasterDesign>({
  detector,
  options,
  designOf: forecasterDesignOf,
  bodyOf: encoderBody,
});

export function forecasterDesignOf({
  point,
  activation,
  patch,
  rows,
  horizon,
  normalisation,
}: ForecasterNetworkOptions): ForecasterDesign {
  return { point: pointOf({ point, activation }), patch, rows, horizon, normalisation };
}
