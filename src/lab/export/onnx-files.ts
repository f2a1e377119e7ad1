// The networks of a model as ONNX files.
import { ConfigError } from '../../core/errors.ts';
import type { Model } from '../../models/model.ts';
import { writeDescription } from '../../models/model-metadata.ts';
import { onnxFile } from '../../models/onnx/file.ts';
import type { OnnxGraph } from '../../models/onnx/graph.ts';
import { exporters } from './index.ts';

export interface OnnxFile {
  readonly graph: OnnxGraph;
  readonly bytes: Uint8Array;
}

/** One a network. Throws `ConfigError` for a model that has none, `WeightsError` for one that lacks its tensors. */
export function onnxFiles(model: Model, version: string): readonly OnnxFile[] {
  const exporter = exporters.get(model.kind);
  if (!exporter) {
    throw new ConfigError(
      `model ${model.id} is a ${model.kind}, which has no network: export one of ${[...exporters.keys()].join(', ')}`,
    );
  }
  return exporter.graphs(model).map((graph) => ({
    graph,
    bytes: onnxFile(graph, { modelId: model.id, ...writeDescription(model) }, version),
  }));
}
