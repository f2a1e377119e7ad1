// Distance of the newest row to the training median, in robust standard deviations, averaged over channels.
import type { Detector, Score } from '../../../core/detector.ts';
import type { Window } from '../../../core/window.ts';
import type { Model } from '../../../models/model.ts';
import { type DetectorPlugin, requireShape } from '../../detector-plugin.ts';

/** The model needs only its scaler: scaled values are robust z-scores. */
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
    // Scaled values are centred on the training median.
    return { value, perChannel, expected: new Float32Array(width) };
  }
}
