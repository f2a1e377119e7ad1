import { ConfigError } from '../../core/errors.ts';
import { type Registry, registry } from '../../core/registry.ts';
import type { Model } from '../../models/model.ts';
import { writeDescription } from '../../models/model-metadata.ts';
import { onnxFile } from '../../models/onnx/file.ts';
import type { OnnxGraph } from '../../models/onnx/graph.ts';
import { encoder } from './encoder.ts';
import { ensemble } from './ensemble.ts';
import type { Exporter } from './exporter.ts';
import { cnn, forecaster } from './forecaster.ts';
import { gon, gonOfficial } from './gon.ts';

export const exporters: Registry<Exporter> = registry<Exporter>(
  gon,
  encoder,
  ensemble,
  forecaster,
  cnn,
  gonOfficial,
);

interface OnnxFile {
  readonly graph: OnnxGraph;
  readonly bytes: Uint8Array;
}

/** One ONNX file a network. Throws `ConfigError` for a model without a network, `WeightsError` for one that lacks tensors. */
export function onnxFiles(model: Model, version: string): readonly OnnxFile[] {
  const exporter = exporters.get(model.kind);
  if (!exporter) {
    throw new ConfigError(
      `model ${model.id} is a ${model.kind}, which has no network: export one of ${[...exporters.keys()].join(', ')}`,
      { code: 'SEN_CFG_NO_NETWORK' },
    );
  }
  return exporter.graphs(model).map((graph) => ({
    graph,
    bytes: onnxFile(graph, { modelId: model.id, ...writeDescription(model) }, version),
  }));
}
