import type { Plugin } from '../core/registry.ts';
import type { Threshold, ThresholdPromise } from '../core/threshold.ts';

/** A threshold whose knowledge can be stored, so that a restarted daemon goes on with the level it had. */
export interface StoredThreshold extends Threshold {
  /** Plain data that survive JSON; they belong to one model and one kind. */
  state(): Readonly<Record<string, unknown>>;
  /** Takes the place of `fit`. Throws `CalibrationError` if this is no state of this kind: fit instead. */
  restore(state: unknown): void;
  /** Pure; absent or undefined = the level is not set for a rate of false alarms. */
  promise?(): ThresholdPromise | undefined;
}

/** What a threshold has to know of the scores it will judge. */
export interface ThresholdContext {
  /** From score to score, milliseconds. */
  readonly intervalMs: number;
  /** Whether the scores are logarithms. */
  readonly logarithmic: boolean;
  /** False alarms that people put up with, a day of this stream. */
  readonly falseAlarmsPerDay: number;
  /** An alert opens when so many of the newest `openWithin` rows are above the level. */
  readonly openCount: number;
  readonly openWithin: number;
}

/** One kind of threshold; `options` carry their defaults, so `create(options.parse({}), context)` works. */
export type ThresholdPlugin<Options = unknown> = Plugin<Options, ThresholdContext, StoredThreshold>;
