// A small time-series transformer that tells the next row; what it did not foresee is anomalous.
import { encoderBody } from '../networks/forecast.ts';
import { forecasterDesign } from '../networks/forecast-design.ts';
import { forecastPaths } from '../networks/forecast-distances.ts';
import { readDesign } from '../scoring/design.ts';
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
