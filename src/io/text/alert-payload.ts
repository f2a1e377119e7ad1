import type { Alert, AlertChannel } from '../../core/alert.ts';
import { LAST_DATE_MS } from '../../core/time-units.ts';
import { alertSentence } from './alert-sentence.ts';

/** An alert as receivers get it; `schema` is raised when a field changes its meaning. */
export interface AlertPayload {
  readonly schema: 1;
  readonly event_type: Alert['state'];
  readonly kind: Alert['kind'];
  readonly id: string;
  readonly stream: string;
  readonly severity: Alert['severity'];
  readonly ts: string;
  readonly start: string;
  readonly end: string | null;
  readonly duration_s: number;
  /** 1.0 is the alert level of every detector, so that a new model does not break the rules of a receiver. */
  readonly score: number;
  readonly threshold: 1;
  readonly peak: number;
  /** The alert level above the usual score, on the detector's own scale. */
  readonly level: number;
  /** What happened, in one sentence for people. */
  readonly message: string;
  /** The channels that matter most at its peak, greatest share first. */
  readonly attribution: readonly ChannelPayload[];
  /** The same in the row of an update, or at the level that was accepted; absent in other states. */
  readonly now?: readonly ChannelPayload[];
  /** The processes that used most of what is blamed, greatest share first; absent = unknown. */
  readonly processes?: readonly {
    readonly name: string;
    readonly pid: number;
    readonly share: number;
  }[];
  /** Share of the window that was imputed. */
  readonly imputed: number;
  readonly model: string;
  /** Id of the routine that it belongs to; absent = none. */
  readonly routine?: string;
  /** Id of the alert that was called normal and that it is like; absent = none. */
  readonly normal?: string;
  /** Id of the open alert of a hard limit that says the same; absent = none does. */
  readonly limit?: string;
  /** What opened an anomaly. */
  readonly evidence?: {
    readonly path: 'score' | 'limit';
    readonly beyond_seen?: number;
  };
  /** Nothing has changed: it is sent again because it is still open. */
  readonly reminder?: true;
  /** Why it closed, unless it was over. */
  readonly outcome?: 'accepted';
}

export interface ChannelPayload {
  readonly channel: string;
  readonly share: number;
  readonly value: number | null;
  /** What the detector would have accepted; null where it gives none, or one that the channel cannot have. */
  readonly expected: number | null;
  readonly unit: string;
  /** Between which values the channel was in normal rows, at such an hour; absent = too few are known. */
  readonly usual?: { readonly low: number; readonly high: number };
}

export function alertPayload(alert: Alert): AlertPayload {
  return {
    schema: 1,
    event_type: alert.state,
    kind: alert.kind,
    id: alert.id,
    stream: alert.streamId,
    severity: alert.severity,
    ts: isoTime(alert.timeMs),
    start: isoTime(alert.startMs),
    end: alert.endMs === null ? null : isoTime(alert.endMs),
    duration_s: round(((alert.endMs ?? alert.timeMs) - alert.startMs) / 1000),
    score: round(alert.score),
    threshold: 1,
    peak: round(alert.peak),
    level: round(alert.level),
    message: alertSentence(alert),
    attribution: alert.channels.map(channelPayload),
    ...(alert.now && { now: alert.now.map(channelPayload) }),
    ...(alert.processes && {
      processes: alert.processes.map(({ name, pid, share }) => ({
        name,
        pid,
        share: round(share),
      })),
    }),
    imputed: round(alert.imputed),
    model: alert.modelId,
    ...(alert.routine !== undefined && { routine: alert.routine }),
    ...(alert.normal !== undefined && { normal: alert.normal }),
    ...(alert.limit !== undefined && { limit: alert.limit }),
    ...evidenceOf(alert),
    ...(alert.reminder && { reminder: true }),
    ...(alert.outcome && { outcome: alert.outcome }),
  };
}

function evidenceOf({ evidence }: Alert): Pick<AlertPayload, 'evidence'> {
  if (!evidence) return {};
  const { path, beyondSeen } = evidence;
  const beyond_seen = beyondSeen === undefined ? {} : { beyond_seen: round(beyondSeen) };
  return { evidence: { path, ...beyond_seen } };
}

function channelPayload({ id, share, value, expected, unit, usual }: AlertChannel): ChannelPayload {
  return {
    channel: id,
    share: round(share),
    value: value === null ? null : round(value),
    expected: expected === null ? null : round(expected),
    unit,
    ...(usual && { usual: { low: round(usual.low), high: round(usual.high) } }),
  };
}

/**
 * Never throws: an alert with an impossible time, which an older history may hold, must be sent and listed like others. A
 * time that a Date cannot hold becomes the nearest that it can, +275760-09-13 or -271821-04-20; NaN becomes the former.
 */
export function isoTime(timeMs: number): string {
  const bounded = Math.min(LAST_DATE_MS, Math.max(-LAST_DATE_MS, timeMs));
  return new Date(Number.isNaN(bounded) ? LAST_DATE_MS : bounded).toISOString();
}

/** By the clock of the device; the ISO form sorts and is read everywhere. */
export function localTimeText(timeMs: number): string {
  return new Date(isoTime(timeMs)).toLocaleString('sv-SE');
}

/** Six digits: more is noise to a reader, and floats print with up to seventeen. Others than numbers become null in JSON. */
export function round(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : value;
}
