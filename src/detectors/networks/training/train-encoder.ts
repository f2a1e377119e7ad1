// Fits the masked encoder to the rows of a series.

import { meanSquaredError } from '../../../engine/ops/mean-squared-error.ts';
import type { Model } from '../../../models/model.ts';
import { savedWeights } from '../../../models/network-weights.ts';
import type { TrainingData } from '../../scoring/training/data.ts';
import { halfLivesFor } from '../../scoring/training/half-lives.ts';
import type { TrainingContext } from '../../training/trainer.ts';
import type { EncoderDesign } from '../encoder-design.ts';
import { ENCODER, reconstructionNetwork } from '../reconstruction.ts';
import { DEFAULT_POINT } from './encoder-body.ts';
import type { EncoderOptions } from './encoder-options.ts';
import { fitNetwork } from './fit-network.ts';
import { maskedExamples } from './masked-examples.ts';

export interface TrainedEncoder {
  readonly design: EncoderDesign;
  readonly tensors: Model['tensors'];
  /** By validation. */
  readonly loss: number;
}

export async function trainEncoder(
  data: TrainingData,
  options: EncoderOptions,
  context: TrainingContext,
): Promise<TrainedEncoder> {
  const width = data.series.channels.length;
  const design = designOf(options, width);
  const { batch, hiddenShare } = options;
  const { tape, input, output } = reconstructionNetwork(design, width, { batch, patches: 'all' });
  const target = tape.input(output.shape);
  const mask = tape.input(output.shape);
  const network = {
    tape,
    loss: meanSquaredError(tape, output, target, mask),
    inputs: [input, target, mask],
    rows: design.rows,
  };
  const { program, loss } = await fitNetwork(
    { ...network, examplesOf: (table) => maskedExamples(table, { ...design, hiddenShare }) },
    data,
    options,
    context,
  );
  return { design, tensors: savedWeights(program.parameters, ENCODER), loss };
}

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
