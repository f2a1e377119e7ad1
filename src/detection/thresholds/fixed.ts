// A level that the user sets.
import { z } from 'zod';
import type { Verdict } from '../../core/threshold.ts';
import type { StoredThreshold, ThresholdPlugin } from '../threshold-plugin.ts';
import { requireScore } from './tail/checks.ts';

const options = z.strictObject({
  level: z
    .number()
    .positive()
    .default(1)
    .describe("Scores above this are anomalous, on the detector's own scale")
    .meta({ unit: 'score' }),
});

export type FixedOptions = z.infer<typeof options>;

/** Needs no `fit`, does not learn and has no state. */
class Fixed implements StoredThreshold {
  readonly #level: number;

  constructor({ level }: FixedOptions) {
    this.#level = level;
  }

  fit(): void {}

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
    return {};
  }

  restore(): void {}
}

export const fixed: ThresholdPlugin<FixedOptions> = {
  kind: 'fixed',
  summary: 'a level that you set',
  options,
  create: (options) => new Fixed(options),
};
