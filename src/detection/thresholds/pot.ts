// SPOT: the alert level from the tail of the scores, updated by each new peak.
import { z } from 'zod';
import type { Verdict } from '../../core/threshold.ts';
import type { StoredThreshold, ThresholdPlugin } from '../threshold-plugin.ts';
import { requireScore } from './tail/checks.ts';
import {
  boundsInOrder,
  riskInTail,
  type TailOptions,
  tailShape,
  withRisk,
} from './tail/options.ts';
import { Tail, type TailState } from './tail/tail.ts';

const options = z
  .strictObject(tailShape)
  .refine(...boundsInOrder)
  .refine(...riskInTail);

export type PotOptions = z.infer<typeof options>;

/**
 * Peaks over threshold: sets the level z_q so that a normal score exceeds it with probability `risk`. `judge` is pure;
 * `learn` counts, and refits the tail when a cluster of peaks has ended: O(peaks), at most `maxPeaks`.
 * Siffer et al. 2017, "Anomaly detection in streams with extreme value theory", the algorithms POT and SPOT. Departs
 * from it: the initial level is the 95 % quantile instead of the 98 % one, see also `Tail`; the shape has bounds, because a
 * few dozen peaks do not determine it (in pot.test.ts, independent scores of four distributions, calibrated on 500, exceed
 * the level at most 3 times as often as `risk` with the bounds, and 3 times more often without them); only the newest peaks
 * are kept; peaks are those of clusters, so `risk` is that of an excursion, see `Clusters`.
 * Throws `CalibrationError` with 10 scores or fewer.
 */
class Pot implements StoredThreshold {
  readonly #tail: Tail;
  readonly #minimumLevel: number;

  constructor(options: TailOptions) {
    this.#tail = new Tail(options);
    this.#minimumLevel = options.minimumLevel;
  }

  fit(scores: Float64Array): void {
    this.#tail.fit(scores);
  }

  judge(score: number): Verdict {
    const level = Math.max(this.#minimumLevel, this.#tail.level);
    requireScore(score, level);
    return { anomalous: score > level, level };
  }

  learn(score: number): void {
    requireScore(score, this.#tail.level);
    this.#tail.learn(score);
  }

  reject(score: number): void {
    requireScore(score, this.#tail.level);
    this.#tail.reject();
  }

  state(): TailState {
    return this.#tail.state();
  }

  restore(state: unknown): void {
    this.#tail.restore(state);
  }
}

export const pot: ThresholdPlugin<PotOptions> = {
  kind: 'pot',
  summary: 'extreme values: exceeded by a normal score with a given risk',
  options,
  create: (options, { intervalMs }) => new Pot(withRisk(options, intervalMs)),
};
