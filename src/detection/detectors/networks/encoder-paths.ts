import type { Kernels } from '../../../engine/discriminator-kernels.ts';
import type { ScoringPath } from '../scoring/path.ts';
import type { UnscaledModel } from '../scoring/plugin.ts';
import type { EncoderDesign } from './encoder-design.ts';
import { EncoderDistances } from './encoder-distances.ts';
import { ENCODER } from './reconstruction.ts';

/** Throws `WeightsError` when the model lacks the weights of its design. */
export function encoderPaths(
  design: EncoderDesign,
  model: UnscaledModel,
  kernels: Kernels,
): readonly ScoringPath[] {
  const views = design.halfLives.length;
  const distances = new EncoderDistances(model, design, kernels);
  return [{ name: ENCODER, distances, views, weight: 1 / views }];
}
