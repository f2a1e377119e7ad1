import { readDesign } from '../../detectors/detector-plugin.ts';
import {
  ensemble as detector,
  ensembleDesign,
  FORECASTER,
} from '../../detectors/ensemble/ensemble.ts';
import { encoderBody } from '../../detectors/networks/forecast.ts';
import type { Exporter } from './exporter.ts';
import { forecastGraph } from './forecast-graph.ts';
import { gonGraphs } from './gon.ts';

/** What its members are, for it has no network of its own. */
export const ensemble: Exporter = {
  kind: detector.kind,
  graphs(model) {
    const { gon, forecaster } = readDesign(ensembleDesign, model);
    return [
      ...gonGraphs(model, gon),
      ...(forecaster
        ? [forecastGraph(FORECASTER, encoderBody(forecaster), forecaster, model)]
        : []),
    ];
  },
};
