// Distance of the newest row to the row before: detects jumps, but not wrong levels.
import type { Detector, Score } from '../../../core/detector.ts';
import type { Window } from '../../../core/window.ts';
import type { Model } from '../../../models/model.ts';
import { type DetectorPlugin, requireShape } from '../../detector-plugin.ts';

/** Squared length of the step, in training deviations of the values. */
export const firstDifference: DetectorPlugin = {
  kind: 'first-difference',
  summary: 'squared step from the row before',
  load: (model) => new FirstDifferenceDetector(model),
};

class FirstDifferenceDetector implements Detector {
  readonly kind = 'first-difference';
  readonly windowLength: number;
  readonly #model: Model;

  constructor(model: Model) {
    this.#model = model;
    this.windowLength = model.windowLength;
  }

  score(window: Window): Score {
    requireShape(window, this.#model);
    const { width, values } = window;
    const before = values.slice(-2 * width, -width);
    const perChannel = before.map(
      (value, c) => (value - (values[values.length - width + c] as number)) ** 2,
    );
    return {
      value: perChannel.reduce((sum, share) => sum + share, 0),
      perChannel,
      expected: before,
    };
  }
}
