import { cnn as detector } from '../../detectors/cnn/cnn.ts';
import { cnnBody } from '../../detectors/networks/forecast.ts';
import { cnnDesign } from '../../detectors/networks/forecast-design.ts';
import { readDesign } from '../../detectors/scoring/design.ts';
import type { Exporter } from './exporter.ts';
import { forecastGraph } from './forecast-graph.ts';

export const cnn: Exporter = {
  kind: detector.kind,
  graphs(model) {
    const { cnn: design } = readDesign(cnnDesign, model);
    return [forecastGraph(detector.kind, cnnBody(design), design, model)];
  },
};
