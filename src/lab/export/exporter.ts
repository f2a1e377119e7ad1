import type { Model } from '../../models/model.ts';
import type { OnnxGraph } from '../../models/onnx/graph.ts';

/** The networks of one kind of detector as graphs that other programs run. */
export interface Exporter {
  readonly kind: string;
  /** At least one, with different names. Throws `WeightsError` when the model's design or tensors do not fit. */
  graphs(model: Model): readonly OnnxGraph[];
}
