// How far the newest row lies from the median of training, in robust standard deviations, on average over channels.
import type { Detector, Score } from '../../../core/detector.ts';
import type { Window } from '../../../core/window.ts';
import type { Model } from '../../../models/model.ts';
import type { DetectorPlugin } from '../../detector-plugin.ts';
import { requireShape } from '../../window-shape.ts';

/** The model's scaler is all there is to it: scaled values are robust z-scores already. */
export const robustZ: DetectorPlugin = {
  kind: 'robust-z',
  summary: 'mean absolute robust z-score of the newest row',
  load: (model) => new RobustZDetector(model),
};

class RobustZDetector implements Detector {
  readonly kind = 'robust-z';
  readonly windowLength: number;
  readonly #model: Model;

  constructor(model: Model) {
    this.#model = model;
    this.windowLength = model.windowLength;
  }

  score(window: Window): Score {
    requireShape(window, this.#model);
    const { width } = window;
    const perChannel = window.values.subarray(-width).map((z) => Math.abs(z) / width);
    const value = perChannel.reduce((sum, share) => sum + share, 0);
    // Scaled values are centred on the median of training.
    return { value, perChannel, expected: new Float32Array(width) };
  }
}
