import { cnn as detector } from '../../detectors/cnn/cnn.ts';
import { readDesign } from '../../detectors/detector-plugin.ts';
import { cnnBody, cnnDesign } from '../../detectors/networks/forecast.ts';
import type { Exporter } from './exporter.ts';
import { forecastGraph } from './forecast-graph.ts';

export const cnn: Exporter = {
  kind: detector.kind,
  graphs(model) {
    const { cnn: design } = readDesign(cnnDesign, model);
    return [forecastGraph(detector.kind, cnnBody(design), design, model)];
  },
};
