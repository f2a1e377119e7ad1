import { readDesign } from '../../detectors/detector-plugin.ts';
import {
  ensemble as detector,
  ensembleDesign,
  FORECASTER,
} from '../../detectors/ensemble/ensemble.ts';
import { encoderBody } from '../../detectors/networks/forecast.ts';
import type { Exporter } from './exporter.ts';
import { forecastGraph } from './forecaster.ts';
import { gonGraphs } from './gon.ts';

/** The graphs of its members. */
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
