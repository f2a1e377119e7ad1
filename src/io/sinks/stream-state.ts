// What sinks show of a stream: its open alerts, and its scores at a limited rate.
import { type Alert, type AlertKind, SEVERITY_RANK, type Severity } from '../../core/alert.ts';
import type { ScoreReport } from '../../core/sink.ts';
import { isoTime, round } from '../text/alert-payload.ts';
import { alertSentence } from '../text/alert-sentence.ts';

/** The state of a stream, for switches and dashboards: ON while it has an open alert. */
export interface StreamState {
  readonly state: 'ON' | 'OFF';
  readonly severity: Severity | null;
  readonly kind: AlertKind | null;
  readonly score: number | null;
  readonly since: string | null;
  readonly alert: string | null;
  /** The channel that this alert blames most. */
  readonly channel: string | null;
  /** What is wrong, in one sentence. */
  readonly message: string | null;
}

const WELL: StreamState = {
  state: 'OFF',
  ...{ severity: null, kind: null, score: null, since: null, alert: null, channel: null },
  message: null,
};

function stateOf(alert: Alert): StreamState {
  return {
    state: 'ON',
    severity: alert.severity,
    kind: alert.kind,
    score: round(alert.score),
    since: isoTime(alert.startMs),
    alert: alert.id,
    channel: alert.channels[0]?.id ?? null,
    message: alertSentence(alert),
  };
}

/** Tracks open alerts; a stream may have several, e.g. one per silent channel. */
export function createOpenAlerts(initially: readonly Alert[] = []) {
  const open = new Map<string, Map<string, Alert>>();
  const alerts = {
    take(alert: Alert): void {
      const alerts = open.get(alert.streamId) ?? new Map<string, Alert>();
      open.set(alert.streamId, alerts);
      if (alert.state === 'closed') alerts.delete(alert.id);
      else alerts.set(alert.id, alert);
    },
    streamIds: (): Iterable<string> => open.keys(),
    /** Of the most severe open alert; of the oldest among equals. */
    state(streamId: string): StreamState {
      const [first] = [...(open.get(streamId)?.values() ?? [])].sort(
        (a, b) => SEVERITY_RANK[b.severity] - SEVERITY_RANK[a.severity] || a.startMs - b.startMs,
      );
      return first ? stateOf(first) : WELL;
    },
  };
  for (const alert of initially) alerts.take(alert);
  return alerts;
}

export interface ScorePace {
  /** Whether the score is to be sent now; else it is remembered as the newest. */
  isDue(report: ScoreReport): boolean;
  /** The newest score of a stream that was not sent, which is to be sent now; undefined = there is none. */
  held(streamId: string): ScoreReport | undefined;
}

/** At most one score of a stream in `everyS`. `nowMs` is a clock that is never set. */
export function scorePace(
  everyS: number,
  nowMs: () => number = () => performance.now(),
): ScorePace {
  const sentMs = new Map<string, number>();
  const newest = new Map<string, ScoreReport>();
  return {
    isDue(report) {
      const { streamId } = report;
      const passedMs = nowMs() - (sentMs.get(streamId) ?? Number.NEGATIVE_INFINITY);
      if (passedMs < everyS * 1000) {
        newest.set(streamId, report);
        return false;
      }
      newest.delete(streamId);
      sentMs.set(streamId, nowMs());
      return true;
    },
    held(streamId) {
      const report = newest.get(streamId);
      if (!newest.delete(streamId)) return undefined;
      sentMs.set(streamId, nowMs());
      return report;
    },
  };
}
