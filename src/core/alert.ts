import type { Score } from './detector.ts';
import type { Sample } from './sample.ts';
import type { Verdict } from './threshold.ts';
import type { Window } from './window.ts';

export type AlertKind =
  | 'anomaly'
  | 'limit'
  | 'data_missing'
  | 'stuck'
  | 'stream_failed'
  | 'storage';
export type AlertState = 'opened' | 'updated' | 'closed';
export type Severity = 'info' | 'warning' | 'critical';

/** Higher is graver. */
export const SEVERITY_RANK: Readonly<Record<Severity, number>> = {
  info: 0,
  warning: 1,
  critical: 2,
};

/** One channel's part in an alert. */
export interface AlertChannel {
  readonly id: string;
  readonly unit: string;
  /** Share of the score, 0 to 1. */
  readonly share: number;
  /** Observed, in channel units; null = no reading. */
  readonly value: number | null;
  /** What the detector would have accepted, in channel units; null = it gives none. */
  readonly expected: number | null;
  /** Between which values the channel was in normal rows of such an hour, in channel units; absent = too few are known. */
  readonly usual?: UsualRange;
}

export interface UsualRange {
  readonly low: number;
  readonly high: number;
}

/** On which side of its expected value a channel was. */
export type Side = 'above' | 'below' | 'both';

/** A channel in the whole life of an alert so far, in channel units. */
export interface BlamedChannel {
  readonly id: string;
  readonly unit: string;
  /** Greatest share of the score that it had, 0 to 1. */
  readonly share: number;
  readonly side: Side;
  /** Lowest and highest value while it had a share; null = no reading. */
  readonly low: number | null;
  readonly high: number | null;
  /** Centre and spread of its normal values, as the model knows them. */
  readonly centre: number;
  readonly spread: number;
}

/** What opened an alert. */
interface Evidence {
  /** score = the score was above the level; limit = a channel broke a hard limit of the configuration. */
  readonly path: 'score' | 'limit';
  /** Greatest height of the score over the greatest height in normal rows; absent = no normal rows are known. */
  readonly beyondSeen?: number;
}

/** A process that used much of what an alert blames. */
export interface AlertProcess {
  readonly name: string;
  readonly pid: number;
  /** Of what all processes used, 0 to 1. */
  readonly share: number;
}

/** A state of one anomaly. All states of one anomaly carry the same `id`. */
export interface Alert {
  readonly id: string;
  readonly kind: AlertKind;
  readonly streamId: string;
  readonly state: AlertState;
  readonly severity: Severity;
  /** When this state was reached. */
  readonly timeMs: number;
  readonly startMs: number;
  /** null while the anomaly lasts. */
  readonly endMs: number | null;
  /** Score over level at `timeMs`: 1.0 is the alert level. */
  readonly score: number;
  /** Highest score over level so far. */
  readonly peak: number;
  /** The current alert level above the usual score, on the detector's own scale. */
  readonly level: number;
  /** The channels that matter most, greatest share first. */
  readonly channels: readonly AlertChannel[];
  readonly modelId: string;
  /** Share of the window that was imputed, 0 to 1. */
  readonly imputed: number;
  /** One sentence for people in place of the one that is made of the other fields, e.g. of a test of a sink. */
  readonly message?: string;
  readonly evidence?: Evidence;
  /**
   * Of an update: the channels that matter most in the row of `timeMs`; `channels` are those of its peak. Of one that is
   * accepted: the same channels at the level that is normal from now on.
   */
  readonly now?: readonly AlertChannel[];
  /** All channels that mattered since it opened, greatest share first; `channels` are those of its peak. */
  readonly blamed?: readonly BlamedChannel[];
  /** Greatest share first. */
  readonly processes?: readonly AlertProcess[];
  /** What the source adds to the sentence of an open alert, e.g. `full in about 3 h`. */
  readonly note?: string;
  /** Nothing has changed: the alert is sent again because it is still open. */
  readonly reminder?: true;
  /** Why it closed, unless it was over: its values have stayed and are normal from now on. */
  readonly outcome?: 'accepted';
  /** It recurs at such an hour: the routine that it belongs to. It is kept and not sent. */
  readonly routine?: string;
  /** It is like an alert that a person called normal: the id of that alert. It is kept and not sent. */
  readonly normal?: string;
  /** Id of the open alert of a hard limit that says the same of its channels. This state is kept and not sent. */
  readonly limit?: string;
  /**
   * This state is kept and not sent: the stream is silenced or under maintenance, the alert is acknowledged, a routine, like one
   * that was called normal, or said by the alert of a limit.
   */
  readonly silenced?: true;
}

/** Opens, updates and closes anomalies, of which several may be open; returns the alerts whose state changes. */
export interface AlertPolicy {
  /** `quiet`: the row is no example of normal, e.g. because of maintenance; absent = it may be one. */
  step(window: Window, score: Score, verdict: Verdict, quiet?: boolean): readonly Alert[];
}

/** Checks that data come at all: finds silent and stuck channels. */
export interface HealthCheck {
  check(sample: Sample): readonly Alert[];
}
