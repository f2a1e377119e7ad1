// DSPOT: like `pot`, but relative to the mean of the last scores, for scores whose normal level drifts.
import { z } from 'zod';
import type { Verdict } from '../../core/threshold.ts';
import type { StoredThreshold, ThresholdPlugin } from '../threshold-plugin.ts';
import { requireCalibration, requireScore, unknownState } from './tail/checks.ts';
import {
  boundsInOrder,
  riskInTail,
  type TailOptions,
  tailShape,
  withRisk,
} from './tail/options.ts';
import { MIN_PEAKS, Tail } from './tail/tail.ts';

const options = z
  .strictObject({
    ...tailShape,
    depth: z
      .int()
      .min(1)
      .default(60)
      .describe('Newest normal scores whose mean is the current normal level')
      .meta({ unit: 'scores' }),
  })
  .refine(...boundsInOrder)
  .refine(...riskInTail);

export type DspotOptions = z.infer<typeof options>;
type DspotSetup = Omit<DspotOptions, 'risk'> & TailOptions;

const dspotState = z.strictObject({ recent: z.array(z.number()).min(1), tail: z.unknown() });

/**
 * Peaks over threshold of the distance to the mean of the last `depth` normal scores. Anomalous scores do not change the
 * mean: a lasting change of level stays an anomaly until the model is trained again.
 * Siffer et al. 2017, the algorithm DSPOT; departs from it as `Pot` does. `learn` is O(depth + peaks).
 * Throws `CalibrationError` unless there are more than depth + 10 scores.
 */
class Dspot implements StoredThreshold {
  readonly #tail: Tail;
  readonly #options: DspotSetup;
  /** The last `depth` normal scores, newest last. */
  #recent: number[] = [];
  #mean = Number.NaN;

  constructor(options: DspotSetup) {
    this.#options = options;
    this.#tail = new Tail(options);
  }

  fit(scores: Float64Array): void {
    const { depth } = this.#options;
    requireCalibration(scores, depth + MIN_PEAKS + 1);
    this.#recent = [];
    const distances = new Float64Array(scores.length - depth);
    for (const [i, score] of scores.entries()) {
      if (i >= depth) distances[i - depth] = score - this.#mean;
      this.#follow(score);
    }
    this.#tail.fit(distances);
  }

  judge(score: number): Verdict {
    const level = Math.max(this.#options.minimumLevel, this.#mean + this.#tail.level);
    requireScore(score, level);
    return { anomalous: score > level, level };
  }

  learn(score: number): void {
    requireScore(score, this.#tail.level);
    this.#tail.learn(score - this.#mean);
    this.#follow(score);
  }

  reject(score: number): void {
    requireScore(score, this.#tail.level);
    this.#tail.reject();
  }

  state(): Readonly<Record<string, unknown>> {
    return { recent: [...this.#recent], tail: this.#tail.state() };
  }

  restore(state: unknown): void {
    const parsed = dspotState.safeParse(state);
    if (!parsed.success) throw unknownState('dspot');
    this.#tail.restore(parsed.data.tail);
    this.#recent = [];
    for (const score of parsed.data.recent) this.#follow(score);
  }

  /** Computes the mean from all recent scores each time: a running sum would accumulate rounding errors over months. */
  #follow(score: number): void {
    this.#recent.push(score);
    if (this.#recent.length > this.#options.depth) this.#recent.shift();
    this.#mean = this.#recent.reduce((sum, value) => sum + value, 0) / this.#recent.length;
  }
}

export const dspot: ThresholdPlugin<DspotOptions> = {
  kind: 'dspot',
  summary: 'extreme values above the mean of the last scores, for scores that drift',
  options,
  create: (options, { intervalMs }) => new Dspot(withRisk(options, intervalMs)),
};
