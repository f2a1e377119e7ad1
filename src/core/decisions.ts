// What people told the daemon: it outlives a restart and outweighs what the daemon thinks.
import type { Severity } from './alert.ts';

/** Alerts of one stream are kept and not sent until a time. */
export interface Silence {
  readonly streamId: string;
  readonly untilMs: number;
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** Planned work: alerts are kept and not sent, and what is measured is no example of normal. */
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

/** Somebody knows of an alert: it is not sent again unless it becomes more severe, or ends. */
export interface Acknowledgement {
  readonly alertId: string;
  readonly streamId: string;
  readonly timeMs: number;
  readonly severity: Severity;
}

/** An alert that was none: scores up to its height are normal for that model. */
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

/** Decisions of each kind by name: of a stream, a window or an alert. On the disk on return; throws `StoreError`. */
export interface Decisions {
  put<Kind extends keyof DecisionKinds>(kind: Kind, name: string, body: DecisionKinds[Kind]): void;
  /** Whether there was one. */
  remove(kind: keyof DecisionKinds, name: string): boolean;
  /** Oldest first. */
  list<Kind extends keyof DecisionKinds>(kind: Kind): readonly DecisionKinds[Kind][];
}
