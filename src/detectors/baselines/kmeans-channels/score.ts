// Netdata's anomaly bit, channel by channel: k-means over the last few smoothed steps, and all models must agree.
//
// Notation   M models, C channels, L lags + 1 values a feature vector, y (L,) smoothed differences of one channel
import { z } from 'zod';
import type { Detector, Score } from '../../../core/detector.ts';
import type { Window } from '../../../core/window.ts';
import type { Model } from '../../../models/model.ts';
import { type DetectorPlugin, readDesign, requireShape, tensorOf } from '../../detector-plugin.ts';

/** Netdata's defaults: differences averaged over 3, the newest and 5 before it, 2 clusters, bit at 99 % of the range. */
export const SMOOTHED = 3;
export const FEATURES = 6;
export const CLUSTERS = 2;
const BIT_LEVEL = 0.99;

/** Rows of one feature vector: one more for the differences, two more for the smoothing. */
export const ROWS = FEATURES + SMOOTHED;

const design = z.object({ models: z.int().positive() });

/**
 * Number of channels whose anomaly bit is set: the mean distance to both centres exceeds 99 % of its range in training,
 * in every model. netdata.cloud, "ML configuration". Departs from it: models are trained once, on stretches of the
 * training series, and not again every three hours.
 */
export const kmeansChannels: DetectorPlugin = {
  kind: 'kmeans-channels',
  summary: "Netdata's k-means on each channel's last steps",
  load: (model) => new KmeansChannelsDetector(model),
};

class KmeansChannelsDetector implements Detector {
  readonly kind = 'kmeans-channels';
  readonly windowLength: number;
  readonly #model: Model;
  readonly #models: number;
  readonly #centres: Float32Array;
  readonly #limits: Float32Array;
  readonly #features = new Float64Array(FEATURES);

  constructor(model: Model) {
    const { models } = readDesign(design, model);
    const width = model.channels.length;
    this.#model = model;
    this.windowLength = model.windowLength;
    this.#models = models;
    this.#centres = tensorOf(model, 'centres', [models, width, CLUSTERS, FEATURES]);
    this.#limits = tensorOf(model, 'limits', [models, width, 2]);
  }

  score(window: Window): Score {
    requireShape(window, this.#model);
    const perChannel = new Float32Array(window.width);
    for (let c = 0; c < window.width; c++) {
      featuresOf(window.values, window.width, c, this.#features);
      perChannel[c] = this.#isAnomalous(c, window.width) ? 1 : 0;
    }
    return { value: perChannel.reduce((sum, bit) => sum + bit, 0), perChannel };
  }

  #isAnomalous(channel: number, width: number): boolean {
    for (let m = 0; m < this.#models; m++) {
      const at = m * width + channel;
      const distance = meanDistance(this.#features, this.#centres, at * CLUSTERS * FEATURES);
      const least = this.#limits[2 * at] as number;
      const greatest = this.#limits[2 * at + 1] as number;
      // A channel that was constant in training has no range, and each greater distance sets the bit.
      if (distance - least <= BIT_LEVEL * (greatest - least)) return false;
    }
    return true;
  }
}

/** (L,) smoothed differences of one channel at the end of `rows` (at least ROWS, C), newest last. */
export function featuresOf(
  rows: Float32Array,
  width: number,
  channel: number,
  into: Float64Array,
): void {
  const end = rows.length / width;
  for (let lag = 0; lag < FEATURES; lag++) {
    // The mean of three successive differences is a third of the step over three rows.
    const newest = end - FEATURES + lag;
    const step =
      (rows[newest * width + channel] as number) -
      (rows[(newest - SMOOTHED) * width + channel] as number);
    into[lag] = step / SMOOTHED;
  }
}

/** Mean of the distances to the centres that start at `from`. */
export function meanDistance(features: Float64Array, centres: Float32Array, from: number): number {
  let total = 0;
  for (let k = 0; k < CLUSTERS; k++) {
    let square = 0;
    for (let i = 0; i < FEATURES; i++) {
      square += ((features[i] as number) - (centres[from + k * FEATURES + i] as number)) ** 2;
    }
    total += Math.sqrt(square);
  }
  return total / CLUSTERS;
}
