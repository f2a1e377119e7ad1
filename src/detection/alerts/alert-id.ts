import type { Alert, AlertKind } from '../../core/alert.ts';

/** One anomaly has one id, made of what it is and not of chance: a replay gives the same, so receivers drop doubles. */
export function alertId(kind: AlertKind, streamId: string, startMs: number): string {
  return `${kind}-${streamId}-${Math.round(startMs)}`;
}

/**
 * The last state of an alert that nothing will watch any more, e.g. of a stream that is no longer configured. It ended
 * when it was last heard of.
 */
export function closeAlert(alert: Alert): Alert {
  return { ...alert, state: 'closed', endMs: alert.timeMs };
}
