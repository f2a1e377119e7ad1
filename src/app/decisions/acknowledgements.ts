// Alerts that people have acknowledged.
import { type Alert, SEVERITY_RANK } from '../../core/alert.ts';
import type { Decisions } from '../../core/decisions.ts';

export interface Acknowledgements {
  add(alert: Alert): void;
  /** Ids of acknowledged alerts, also of some that have ended. */
  of(streamId: string): readonly string[];
  /** Whether it was acknowledged when it was as severe as it is now. */
  cover(alert: Alert): boolean;
}

export function createAcknowledgements(decisions: Decisions, now: () => number): Acknowledgements {
  const known = new Map(decisions.list('acknowledged').map((one) => [one.alertId, one]));
  return {
    add({ id: alertId, streamId, severity }) {
      const one = { alertId, streamId, timeMs: now(), severity };
      decisions.put('acknowledged', alertId, one);
      known.set(alertId, one);
    },
    of: (streamId) =>
      [...known.values()].filter((one) => one.streamId === streamId).map(({ alertId }) => alertId),
    cover({ id, severity }) {
      const then = known.get(id);
      return then !== undefined && SEVERITY_RANK[severity] <= SEVERITY_RANK[then.severity];
    },
  };
}
