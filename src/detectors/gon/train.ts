// Trains the default detector: one discriminator for each window length that is to ascend, then the scale of its scores.
//
// Departs from Tuli et al. 2021, "Generative optimization networks for memory efficient data generation":
// - fakes are corrupted real windows, half of them then optimised; the paper optimises all, from noise, and its code
//   starts them at the real window itself, whereupon D cannot tell them apart and the loss ends at ln 2;
// - fakes are optimised by steps of fixed length along the gradient, not by Adam, whose steps have one size in every
//   coordinate;
// - hidden units are leaky with slope .2 (the published code's slope is 1, so its D is linear);
// - minibatches in random order, and a penalty on the gradient at real windows.

import { pathTrainer } from '../scoring/training/trainer.ts';
import { gon as detector } from './gon.ts';
import { FARTHEST, prepareGon } from './training/data.ts';
import { trainMembers } from './training/members.ts';
import { type GonTrainingOptions, gonTrainingOptions } from './training/options.ts';

export const gon = pathTrainer<GonTrainingOptions>({
  detector,
  options: gonTrainingOptions,
  async learn(series, options, context) {
    const data = prepareGon(series, options, context, FARTHEST);
    return { data, ...(await trainMembers(data, options, context)) };
  },
});
