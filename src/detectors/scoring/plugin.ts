import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { Model } from '../../models/model.ts';
import type { DetectorPlugin } from '../detector-plugin.ts';
import { readDesign, scoringDesign } from './design.ts';
import { PathDetector } from './detector.ts';
import type { ScoringPath } from './path.ts';

/** What is known of a model before its scores have a scale. */
export type UnscaledModel = Pick<Model, 'id' | 'channels' | 'design' | 'tensors'>;

/** A kind of detector whose scores are made of distances. */
export interface PathPlugin extends DetectorPlugin {
  /** Throws `WeightsError` when the model's design or tensors do not fit this kind. */
  paths(model: UnscaledModel, kernels: Kernels): readonly ScoringPath[];
}

export function pathPlugin(parts: Omit<PathPlugin, 'load' | 'logarithmic'>): PathPlugin {
  return {
    ...parts,
    logarithmic: true, // `standardise`
    load: (model, kernels) =>
      new PathDetector(model, readDesign(scoringDesign, model), parts.paths(model, kernels)),
  };
}
