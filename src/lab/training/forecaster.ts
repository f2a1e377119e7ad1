// Trains a time-series transformer to tell the next row from the rows before it.
import { z } from 'zod';
import { forecaster as detector } from '../../detection/detectors/forecaster.ts';
import { encoderBody } from '../../detection/detectors/networks/forecast.ts';
import type { ForecasterDesign } from '../../detection/detectors/networks/forecast-design.ts';
import { DEFAULT_POINT, encoderBodyOptions } from './networks/encoder-body.ts';
import { forecastOptions } from './networks/forecast-options.ts';
import { forecastTrainer } from './networks/forecast-trainer.ts';

const options = z.strictObject({ ...encoderBodyOptions, ...forecastOptions });

export const forecaster = forecastTrainer<z.infer<typeof options>, ForecasterDesign>({
  detector,
  options,
  designOf: ({ point = DEFAULT_POINT, patch, rows, horizon, normalisation }) => ({
    point,
    patch,
    rows,
    horizon,
    normalisation,
  }),
  bodyOf: encoderBody,
});
