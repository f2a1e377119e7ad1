// A small network of convolutions along time that tells the next row; what it did not foresee is anomalous.
import { cnnBody } from '../networks/forecast.ts';
import { cnnDesign } from '../networks/forecast-design.ts';
import { forecastPaths } from '../networks/forecast-distances.ts';
import { readDesign } from '../scoring/design.ts';
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
