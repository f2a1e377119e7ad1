// Trains a time-series transformer to tell the next row from the rows before it.
import type { z } from 'zod';
import { forecaster as detector } from '../../detection/detectors/forecaster.ts';
import { encoderBody } from '../../detection/detectors/networks/forecast.ts';
import type { ForecasterDesign } from '../../detection/detectors/networks/forecast-design.ts';
import { forecastTrainer } from './networks/forecast-trainer.ts';
import { forecasterDesignOf, forecasterNetworkOptions } from './networks/forecaster-options.ts';
import { scoringOptions } from './scoring/options.ts';

const options = forecasterNetworkOptions.extend(scoringOptions);

export const forecaster = forecastTrainer<z.infer<typeof options>, ForecasterDesign>({
  detector,
  options,
  designOf: forecasterDesignOf,
  bodyOf: encoderBody,
});
