import type { Plugin } from '../core/registry.ts';
import type { Threshold, ThresholdPromise } from '../core/threshold.ts';

/** A threshold whose state can be stored, so that a restarted daemon continues with the same level. */
export interface StoredThreshold extends Threshold {
  /** Plain JSON data; they belong to one model and one kind. */
  state(): Readonly<Record<string, unknown>>;
  /** Replaces `fit`. Throws `CalibrationError` if this is not a state of this kind: call `fit` instead. */
  restore(state: unknown): void;
  /** Pure; absent or undefined = the level does not depend on a rate of false alarms. */
  promise?(): ThresholdPromise | undefined;
}

/** Properties of the scores that a threshold will judge. */
export interface ThresholdContext {
  /** Time between scores, milliseconds. */
  readonly intervalMs: number;
  /** Whether the scores are logarithms. */
  readonly logarithmic: boolean;
  /** Accepted false alarms a day of this stream. */
  readonly falseAlarmsPerDay: number;
  /** An alert opens when this many of the newest `openWithin` rows are above the level. */
  readonly openCount: number;
  readonly openWithin: number;
}

/** One kind of threshold; `options` carry their defaults, so `create(options.parse({}), context)` works. */
export type ThresholdPlugin<Options = unknown> = Plugin<Options, ThresholdContext, StoredThreshold>;
