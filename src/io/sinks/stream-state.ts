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
  /** What is wrong, in one sentence. */
  readonly message: string | null;
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
      return {
        state: first ? 'ON' : 'OFF',
        severity: first?.severity ?? null,
        kind: first?.kind ?? null,
        score: first ? round(first.score) : null,
        since: first ? isoTime(first.startMs) : null,
        alert: first?.id ?? null,
        message: first ? alertSentence(first) : null,
      };
    },
  };
  for (const alert of initially) alerts.take(alert);
  return alerts;
}

/** Whether a stream's score may be sent again: at most one in `intervalMs`. */
export function thinning(intervalMs: number): (report: ScoreReport) => boolean {
  const sentMs = new Map<string, number>();
  return ({ streamId }) => {
    const nowMs = performance.now();
    if (nowMs - (sentMs.get(streamId) ?? Number.NEGATIVE_INFINITY) < intervalMs) return false;
    sentMs.set(streamId, nowMs);
    return true;
  };
}
