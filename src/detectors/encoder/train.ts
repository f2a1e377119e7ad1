// Trains the encoder to tell hidden patches of channels from what is seen.
// Departs from masked language models: what is hidden is not replaced by a token, but set to zero and marked.

import { type EncoderOptions, encoderOptions } from '../networks/training/encoder-options.ts';
import { trainEncoder } from '../networks/training/train-encoder.ts';
import { prepare } from '../scoring/training/data.ts';
import { pathTrainer } from '../scoring/training/trainer.ts';
import { encoder as detector } from './encoder.ts';

export const encoder = pathTrainer<EncoderOptions>({
  detector,
  options: encoderOptions,
  async learn(series, options, context) {
    const { rows, heldBack } = options;
    const data = prepare(series, { heldBack, shortest: rows }, context);
    const { design, tensors, loss } = await trainEncoder(data, options, context);
    return { data, design: { encoder: design }, tensors, losses: [loss] };
  },
});
