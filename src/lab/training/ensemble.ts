// Trains the GON and the encoder on the same rows, and puts both on one scale.
import { z } from 'zod';
import { ensemble as detector } from '../../detection/detectors/ensemble.ts';
import { sealModel } from '../../models/model-file.ts';
import type { Trainer, TrainingContext } from '../trainer.ts';
import { prepareGon } from './gon/data.ts';
import { trainMembers } from './gon/members.ts';
import { gonOptions } from './gon/options.ts';
import { encoderNetworkOptions } from './networks/encoder-options.ts';
import { trainEncoder } from './networks/train-encoder.ts';
import { calibrate } from './scoring/calibration.ts';
import { scoringOptions } from './scoring/options.ts';
import { trainingCard } from './training-card.ts';

const ensembleOptions = z.strictObject({
  gon: gonOptions.prefault({}).describe('Options of the GON'),
  encoder: encoderNetworkOptions.prefault({}).describe('Options of the encoder'),
  encoderWeight: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("Share of the score that is the encoder's")
    .meta({ unit: 'share' }),
  ...scoringOptions,
});

export const ensemble: Trainer<z.infer<typeof ensembleOptions>> = {
  kind: detector.kind,
  options: ensembleOptions,
  async train(series, { gon, encoder, encoderWeight, ...scoring }, context) {
    const startedMs = performance.now();
    const data = prepareGon(series, { ...gon, ...scoring }, context);
    const members = await trainMembers(data, gon, partOf(context, 0));
    const network = data.admits(encoder.rows)
      ? await trainEncoder(data, encoder, partOf(context, 1))
      : undefined;
    const trained = {
      design: { gon: members.design, encoderWeight, ...(network && { encoder: network.design }) },
      tensors: { ...members.tensors, ...network?.tensors },
    };
    const calibrated = await calibrate(detector, trained, data, scoring, context);
    const finalLosses = [...members.losses, ...(network ? [network.loss] : [])];
    const card = await trainingCard({ series, seed: context.seed, startedMs, finalLosses });
    return sealModel({ ...calibrated, card });
  },
};

/** Progress of one of two trainings. */
function partOf(context: TrainingContext, part: 0 | 1): TrainingContext {
  return {
    ...context,
    progress: (progress) =>
      context.progress({ ...progress, fraction: (part + progress.fraction) / 2 }),
  };
}
