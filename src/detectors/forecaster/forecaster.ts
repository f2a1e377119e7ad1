// A small time-series transformer that forecasts the next row; a large forecast error is anomalous.

import { readDesign } from '../detector-plugin.ts';
import { encoderBody, forecasterDesign } from '../networks/forecast.ts';
import { forecastPaths } from '../networks/forecast-distances.ts';
import { pathPlugin } from '../scoring/plugin.ts';

const KIND = 'forecaster';

export const forecaster = pathPlugin({
  kind: KIND,
  summary: 'a time-series transformer that forecasts the next row',
  paths(model, kernels) {
    const { forecaster: design } = readDesign(forecasterDesign, model);
    return forecastPaths(KIND, encoderBody(design), design, model, kernels);
  },
});
