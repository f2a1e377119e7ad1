// Trains the encoder to tell hidden patches of channels from what is seen.
// Departs from masked language models: what is hidden is not replaced by a token, but set to zero and marked.
import { encoder as detector } from '../../detection/detectors/encoder.ts';
import type { EncoderDesign } from '../../detection/detectors/networks/encoder-design.ts';
import {
  ENCODER,
  reconstructionNetwork,
} from '../../detection/detectors/networks/reconstruction.ts';
import { meanSquaredError } from '../../engine/ops/mean-squared-error.ts';
import type { DesignPoint } from '../../models/design-point.ts';
import { sealModel } from '../../models/model-file.ts';
import { savedWeights } from '../../models/network-weights.ts';
import type { Trainer } from '../trainer.ts';
import { type EncoderOptions, encoderOptions } from './networks/encoder-options.ts';
import { fitNetwork } from './networks/fit-network.ts';
import { maskedExamples } from './networks/masked-examples.ts';
import { calibrate } from './scoring/calibration.ts';
import { prepare } from './scoring/data.ts';
import { halfLivesFor } from './scoring/half-lives.ts';
import { trainingCard } from './training-card.ts';

const attention = { op: 'attention', form: 'scaled' } as const;
const layer = { hidden: 32, heads: [attention, attention], feedForward: [64] };

/** Made by hand, until a search has found a better one for the device. */
const DEFAULT_POINT: DesignPoint = { layers: [layer, layer] };

export const encoder: Trainer<EncoderOptions> = {
  kind: detector.kind,
  options: encoderOptions,
  async train(series, options, context) {
    const startedMs = performance.now();
    const { rows, batch, heldBack } = options;
    const data = prepare(series, { intervalMs: context.intervalMs, heldBack, shortest: rows });
    const width = data.series.channels.length;
    const design = designOf(options, width);
    const { tape, input, output } = reconstructionNetwork(design, width, { batch, patches: 'all' });
    const target = tape.input(output.shape);
    const mask = tape.input(output.shape);
    const { program, loss } = await fitNetwork(
      {
        tape,
        loss: meanSquaredError(tape, output, target, mask),
        inputs: [input, target, mask],
        rows,
        examplesOf: (table) =>
          maskedExamples(table, { ...design, hiddenShare: options.hiddenShare }),
      },
      data,
      options,
      context,
    );
    const trained = {
      design: { encoder: design },
      tensors: savedWeights(program.parameters, ENCODER),
    };
    const calibrated = await calibrate(detector, trained, data, options, context);
    const card = await trainingCard({
      series,
      seed: context.seed,
      startedMs,
      finalLosses: [loss],
    });
    return sealModel({ ...calibrated, card });
  },
};

/** A single channel has no neighbours to be told from. */
function designOf(
  { point, rows, patch, groups, normalisation }: EncoderOptions,
  width: number,
): EncoderDesign {
  return {
    point: point ?? DEFAULT_POINT,
    rows,
    patch,
    groups: Math.min(groups, width),
    normalisation,
    halfLives: halfLivesFor(patch),
  };
}
