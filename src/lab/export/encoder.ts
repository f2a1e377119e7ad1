import { readDesign } from '../../detectors/detector-plugin.ts';
import { encoder as detector } from '../../detectors/encoder/encoder.ts';
import {
  ENCODER,
  type EncoderDesign,
  encoderDesign,
  reconstructionNetwork,
} from '../../detectors/encoder/reconstruction.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import type { OnnxGraph } from '../../models/onnx/graph.ts';
import { tapeGraph } from '../../models/onnx/tape-graph.ts';
import type { Exporter } from './exporter.ts';

export const encoder: Exporter = {
  kind: detector.kind,
  graphs: (model) => [encoderGraph(model, readDesign(encoderDesign, model).encoder)],
};

/** window (batch, T, 2C) to reconstruction (batch, p, C) of the newest patch, which is what is scored. */
function encoderGraph({ channels, tensors }: Model, design: EncoderDesign): OnnxGraph {
  const width = channels.length;
  const { rows, patch, normalisation } = design;
  const { tape, input, output } = reconstructionNetwork(design, width, {
    batch: 1,
    patches: 'newest',
  });
  return tapeGraph({
    name: ENCODER,
    description: `What the newest ${patch} rows should have been. A row of the window, of ${rows}, holds ${width} values, scaled, normalised (${normalisation}), 0 where they are hidden, then for each value 1 where it is hidden and 0 where not.`,
    tape,
    inputs: { window: input },
    outputs: { reconstruction: output },
    weightsOf: (name, size) => tensorOf(tensors, `${ENCODER}.${name}`, size).data,
  });
}
