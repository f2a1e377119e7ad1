import type { Alert, AlertKind } from '../../core/alert.ts';

/**
 * The id of an alert, derived from its data and not random: a replay gives the same ids, so receivers can drop
 * duplicates.
 */
export function alertId(kind: AlertKind, streamId: string, startMs: number): string {
  return `${kind}-${streamId}-${Math.round(startMs)}`;
}

/**
 * Closes an alert that is no longer watched, e.g. of a stream that was removed from the configuration. It ends with its last
 * update.
 */
export function closeAlert(alert: Alert): Alert {
  return { ...alert, state: 'closed', endMs: alert.timeMs };
}
