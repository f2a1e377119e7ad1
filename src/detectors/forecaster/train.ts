// Trains a time-series transformer to tell the next row from the rows before it.
import type { z } from 'zod';
import { encoderBody } from '../networks/forecast.ts';
import type { ForecasterDesign } from '../networks/forecast-design.ts';
import { forecastTrainer } from '../networks/training/forecast-trainer.ts';
import {
  forecasterDesignOf,
  forecasterNetworkOptions,
} from '../networks/training/forecaster-options.ts';
import { scoringOptions } from '../scoring/training/options.ts';
import { forecaster as detector } from './forecaster.ts';

const options = forecasterNetworkOptions.extend(scoringOptions);

export const forecaster = forecastTrainer<z.infer<typeof options>, ForecasterDesign>({
  detector,
  options,
  designOf: forecasterDesignOf,
  bodyOf: encoderBody,
});
