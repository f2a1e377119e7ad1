import { cnn as cnnDetector } from '../../detectors/cnn/cnn.ts';
import { readDesign } from '../../detectors/detector-plugin.ts';
import { forecaster as forecasterDetector } from '../../detectors/forecaster/forecaster.ts';
import {
  type Body,
  cnnBody,
  cnnDesign,
  encoderBody,
  type ForecastDesign,
  forecasterDesign,
  forecastNetwork,
} from '../../detectors/networks/forecast.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import type { OnnxGraph } from '../../models/onnx/graph.ts';
import { tapeGraph } from '../../models/onnx/tape-graph.ts';
import type { Exporter } from './exporter.ts';

export const forecaster: Exporter = {
  kind: forecasterDetector.kind,
  graphs(model) {
    const { forecaster: design } = readDesign(forecasterDesign, model);
    return [forecastGraph(forecasterDetector.kind, encoderBody(design), design, model)];
  },
};

export const cnn: Exporter = {
  kind: cnnDetector.kind,
  graphs(model) {
    const { cnn: design } = readDesign(cnnDesign, model);
    return [forecastGraph(cnnDetector.kind, cnnBody(design), design, model)];
  },
};

/** window (batch, T, C) to forecast (batch, n, C). Throws `WeightsError` when the model lacks a tensor. */
export function forecastGraph(
  name: string,
  body: Body,
  design: ForecastDesign,
  { channels, tensors }: Model,
): OnnxGraph {
  const width = channels.length;
  const { rows, horizon, normalisation } = design;
  const { tape, input, output } = forecastNetwork(body, design, width, 1);
  return tapeGraph({
    name,
    description: `The next ${horizon} rows after windows of ${rows} rows by ${width} channels, oldest row first, scaled, normalised (${normalisation}).`,
    tape,
    inputs: { window: input },
    outputs: { forecast: output },
    weightsOf: (parameter, size) => tensorOf(tensors, `${name}.${parameter}`, size).data,
  });
}
