// Decisions of people: the daemon keeps them over a restart, and they override its own judgement.
import type { Severity } from './alert.ts';

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

/** A false alarm: scores up to its height are normal for that model. */
export interface NormalFeedback {
  readonly alertId: string;
  readonly streamId: string;
  readonly modelId: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Highest score of the alert, on the detector's own scale. */
  readonly height: number;
}

export interface DecisionKinds {
  readonly silence: Silence;
  readonly maintenance: MaintenanceWindow;
  readonly acknowledged: Acknowledgement;
  readonly normal: NormalFeedback;
}

/** Decisions of each kind by the name of a stream, a window or an alert. Written to the disk on return; throws `StoreError`. */
export interface Decisions {
  put<Kind extends keyof DecisionKinds>(kind: Kind, name: string, body: DecisionKinds[Kind]): void;
  /** Returns whether there was one. */
  remove(kind: keyof DecisionKinds, name: string): boolean;
  /** Oldest first. */
  list<Kind extends keyof DecisionKinds>(kind: Kind): readonly DecisionKinds[Kind][];
}
