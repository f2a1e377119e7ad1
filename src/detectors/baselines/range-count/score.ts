// Number of channels of the newest row outside their range in training. The simplest baseline: no model, no tuning.
import type { Detector, Score } from '../../../core/detector.ts';
import type { Window } from '../../../core/window.ts';
import type { Model } from '../../../models/model.ts';
import { type DetectorPlugin, requireShape, tensorOf } from '../../detector-plugin.ts';

/** Sarfraz et al. 2024, "Position: Quo vadis, unsupervised time series anomaly detection?": sensor range deviation. */
export const rangeCount: DetectorPlugin = {
  kind: 'range-count',
  summary: 'channels outside their range in training',
  load: (model) => new RangeCountDetector(model),
};

class RangeCountDetector implements Detector {
  readonly kind = 'range-count';
  readonly windowLength: number;
  readonly #model: Model;
  readonly #low: Float32Array;
  readonly #high: Float32Array;

  constructor(model: Model) {
    const width = model.channels.length;
    this.#model = model;
    this.windowLength = model.windowLength;
    this.#low = tensorOf(model, 'low', [width]);
    this.#high = tensorOf(model, 'high', [width]);
  }

  score(window: Window): Score {
    requireShape(window, this.#model);
    const newest = window.values.subarray(-window.width);
    const expected = newest.map((value, c) =>
      Math.min(Math.max(value, this.#low[c] as number), this.#high[c] as number),
    );
    const perChannel = expected.map((nearest, c) => (nearest === newest[c] ? 0 : 1));
    return { value: perChannel.reduce((sum, outside) => sum + outside, 0), perChannel, expected };
  }
}
