// Trains the encoder to tell hidden patches of channels from what is seen.
// Departs from masked language models: what is hidden is not replaced by a token, but set to zero and marked.
import { encoder as detector } from '../../detection/detectors/encoder.ts';
import { sealModel } from '../../models/model-file.ts';
import type { Trainer } from '../trainer.ts';
import { type EncoderOptions, encoderOptions } from './networks/encoder-options.ts';
import { trainEncoder } from './networks/train-encoder.ts';
import { calibrate } from './scoring/calibration.ts';
import { prepare } from './scoring/data.ts';
import { trainingCard } from './training-card.ts';

export const encoder: Trainer<EncoderOptions> = {
  kind: detector.kind,
  options: encoderOptions,
  async train(series, options, context) {
    const startedMs = performance.now();
    const { rows, heldBack } = options;
    const data = prepare(series, { intervalMs: context.intervalMs, heldBack, shortest: rows });
    const { design, tensors, loss } = await trainEncoder(data, options, context);
    const trained = { design: { encoder: design }, tensors };
    const calibrated = await calibrate(detector, trained, data, options, context);
    const finalLosses = [loss];
    const card = await trainingCard({ series, seed: context.seed, startedMs, finalLosses });
    return sealModel({ ...calibrated, card });
  },
};
