import { readDesign } from '../../detectors/detector-plugin.ts';
import { forecaster as detector } from '../../detectors/forecaster/forecaster.ts';
import { encoderBody, forecasterDesign } from '../../detectors/networks/forecast.ts';
import type { Exporter } from './exporter.ts';
import { forecastGraph } from './forecast-graph.ts';

export const forecaster: Exporter = {
  kind: detector.kind,
  graphs(model) {
    const { forecaster: design } = readDesign(forecasterDesign, model);
    return [forecastGraph(detector.kind, encoderBody(design), design, model)];
  },
};
