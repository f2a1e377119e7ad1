// The trainer of a detector that scores by distances: trains the networks, calibrates them and seals the model.
import type { Series } from '../../../core/series.ts';
import { sealModel } from '../../../models/model-file.ts';
import type { Trainer, TrainingContext } from '../../training/trainer.ts';
import { trainingCard } from '../../training/training-card.ts';
import type { PathPlugin, UnscaledModel } from '../plugin.ts';
import { calibrate } from './calibration.ts';
import { leastRows, type ScoringOptions, type TrainingData } from './data.ts';

/** The data of the kind's paths, and the training data. */
export interface Learnt extends Pick<UnscaledModel, 'design' | 'tensors'> {
  readonly data: TrainingData;
  readonly losses: readonly number[];
  /** Newest rows whose mean is half of a score; 1 or absent = only the row's own score. */
  readonly meanRows?: number;
}

export interface Learning<Options> extends Pick<Trainer<Options>, 'options'> {
  readonly detector: PathPlugin;
  /** T of the shortest window that suffices. */
  shortest(options: Options): number;
  learn(series: Series, options: Options, context: TrainingContext): Promise<Learnt>;
}

export function pathTrainer<Options extends ScoringOptions>({
  detector,
  options: schema,
  shortest,
  learn,
}: Learning<Options>): Trainer<Options> {
  return {
    kind: detector.kind,
    options: schema,
    leastRows: (options) => leastRows(shortest(options), options.heldBack),
    async train(series, options, context) {
      const startedMs = performance.now();
      const { data, losses: finalLosses, ...trained } = await learn(series, options, context);
      const calibrated = await calibrate(detector, trained, data, options, context);
      const card = await trainingCard({ series, seed: context.seed, startedMs, finalLosses });
      return sealModel({ ...calibrated, card });
    },
  };
}
