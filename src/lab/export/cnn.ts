import { cnn as detector } from '../../detection/detectors/cnn.ts';
import { cnnBody } from '../../detection/detectors/networks/forecast.ts';
import { cnnDesign } from '../../detection/detectors/networks/forecast-design.ts';
import { readDesign } from '../../detection/detectors/scoring/design.ts';
import type { Exporter } from '../exporter.ts';
import { forecastGraph } from './forecast-graph.ts';

export const cnn: Exporter = {
  kind: detector.kind,
  graphs(model) {
    const { cnn: design } = readDesign(cnnDesign, model);
    return [forecastGraph(detector.kind, cnnBody(design), design, model)];
  },
};
