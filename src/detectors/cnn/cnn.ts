// A small network of convolutions along time that forecasts the next row; a large forecast error is anomalous.

import { readDesign } from '../detector-plugin.ts';
import { cnnBody, cnnDesign } from '../networks/forecast.ts';
import { forecastPaths } from '../networks/forecast-distances.ts';
import { pathPlugin } from '../scoring/plugin.ts';

const KIND = 'cnn';

export const cnn = pathPlugin({
  kind: KIND,
  summary: 'convolutions along time that forecast the next row',
  paths(model, kernels) {
    const { cnn: design } = readDesign(cnnDesign, model);
    return forecastPaths(KIND, cnnBody(design), design, model, kernels);
  },
});
