// Decisions of people: the daemon keeps them over a restart, and they override its own judgement.
import type { Severity, Side } from './alert.ts';

/** Alerts of one stream are kept and not sent until a time. */
export interface Silence {
  readonly streamId: string;
  readonly untilMs: number;
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** Planned work: alerts are kept and not sent, and readings are not used for training. */
export interface MaintenanceWindow {
  readonly id: string;
  /** Absent = all streams. */
  readonly streamId?: string;
  readonly begin: WeeklyBegin | SingleBegin;
  readonly minutes: number;
}

/** Every week on these days at this time, HH:MM on the clock of the device's time zone. */
export interface WeeklyBegin {
  readonly weekdays: readonly Weekday[];
  readonly time: string;
}

export interface SingleBegin {
  readonly atMs: number;
}

/** A person has seen an alert: it is not sent again unless it becomes more severe, or ends. */
export interface Acknowledgement {
  readonly alertId: string;
  readonly streamId: string;
  readonly timeMs: number;
  readonly severity: Severity;
}

/** How far an alert may go and still be like another one. */
export interface AlertPattern {
  readonly channels: readonly PatternChannel[];
  /** Longest duration, milliseconds; absent = any, e.g. because the alert it is from has not ended. */
  readonly longestMs?: number;
  /** Highest score above the usual one, on the scale of the detector of `modelId`; other models are not bound by it. */
  readonly height: number;
  readonly modelId: string;
}

/** A channel that may be blamed, on this side of its expected value. */
export interface PatternChannel {
  readonly id: string;
  readonly unit: string;
  readonly side: Side;
  /** Its values may reach from `low` to `high`, in channel units; null = no bound is known. */
  readonly low: number | null;
  readonly high: number | null;
}

/** A person called an alert normal: what is like it is not sent. */
export interface NormalAnswer {
  readonly alertId: string;
  readonly streamId: string;
  /** The alert lasted from ... to, as far as it was known. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly saidMs: number;
  /** The pattern holds until then. */
  readonly expiresMs: number;
  /** Minute of the day, local time, around which the pattern holds; absent = at any hour. */
  readonly minuteOfDay?: number;
  /** How many states of the alert were saved when it was called normal. */
  readonly states: number;
  readonly pattern: AlertPattern;
}

/** An alert that recurs each day or week at about the same hour. */
export interface Routine {
  readonly id: string;
  readonly streamId: string;
  readonly period: 'day' | 'week';
  /** When it began the last times, oldest first. */
  readonly seenMs: readonly number[];
  readonly pattern: AlertPattern;
  /** A person has removed it: what is like it is sent, and becomes no routine again. */
  readonly removed?: true;
}

/** A stretch that a person marked as an anomaly: training never uses its rows. Both ends are included. */
export interface MarkedStretch {
  readonly id: string;
  readonly streamId: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface DecisionKinds {
  readonly silence: Silence;
  readonly maintenance: MaintenanceWindow;
  readonly acknowledged: Acknowledgement;
  readonly normal: NormalAnswer;
  readonly routine: Routine;
  readonly anomaly: MarkedStretch;
}

/** Decisions of each kind by the name of a stream, a window, an alert, a routine or a stretch. Written to the disk on return; throws `StoreError`. */
export interface Decisions {
  put<Kind extends keyof DecisionKinds>(kind: Kind, name: string, body: DecisionKinds[Kind]): void;
  /** Returns whether there was one. */
  remove(kind: keyof DecisionKinds, name: string): boolean;
  /** Oldest first. */
  list<Kind extends keyof DecisionKinds>(kind: Kind): readonly DecisionKinds[Kind][];
}
