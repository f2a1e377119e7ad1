// The simplest level from data: a quantile of the calibration scores, times a margin.
import { z } from 'zod';
import type { Verdict } from '../../core/threshold.ts';
import { quantile as quantileOf } from '../../engine/statistics.ts';
import type { StoredThreshold, ThresholdPlugin } from '../threshold-plugin.ts';
import { requireCalibration, requireScore, unknownState } from './tail/checks.ts';
import { tailShape } from './tail/options.ts';

const options = z.strictObject({
  quantile: z
    .number()
    .min(0.5)
    .max(1)
    .default(0.999)
    .describe('Share of the calibration scores at or below the level')
    .meta({ unit: 'share' }),
  margin: z
    .number()
    .positive()
    .default(1)
    .describe(
      'Factor on the quantile; above 1 allows for normal scores beyond those of the calibration',
    )
    .meta({ unit: '1' }),
  minimumLevel: tailShape.minimumLevel,
});

export type QuantileOptions = z.infer<typeof options>;

const quantileState = z.strictObject({ level: z.number().positive() });

/**
 * The level does not change after `fit`: learning only from scores below the level would lower it without end.
 * Throws `CalibrationError` without scores, or if one is not finite.
 */
class Quantile implements StoredThreshold {
  readonly #options: QuantileOptions;
  #level = Number.NaN;

  constructor(options: QuantileOptions) {
    this.#options = options;
  }

  fit(scores: Float64Array): void {
    const { quantile, margin, minimumLevel } = this.#options;
    requireCalibration(scores, 1);
    this.#level = Math.max(minimumLevel, margin * quantileOf(scores, quantile));
  }

  judge(score: number): Verdict {
    requireScore(score, this.#level);
    return { anomalous: score > this.#level, level: this.#level };
  }

  learn(score: number): void {
    requireScore(score, this.#level);
  }

  reject(score: number): void {
    requireScore(score, this.#level);
  }

  state(): Readonly<Record<string, unknown>> {
    return { level: this.#level };
  }

  restore(state: unknown): void {
    const parsed = quantileState.safeParse(state);
    if (!parsed.success) throw unknownState('quantile');
    this.#level = parsed.data.level;
  }
}

export const quantile: ThresholdPlugin<QuantileOptions> = {
  kind: 'quantile',
  summary: 'a quantile of the calibration scores, times a margin; does not learn',
  options,
  create: (options) => new Quantile(options),
};
