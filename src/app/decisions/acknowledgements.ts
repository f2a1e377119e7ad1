import type { Alert, Severity } from '../../core/alert.ts';
import type { Decisions } from '../../core/decisions.ts';

export interface Acknowledgements {
  add(alert: Alert): void;
  has(alertId: string): boolean;
  /** Whether it was acknowledged when it was as severe as it is now. */
  cover(alert: Alert): boolean;
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

export function createAcknowledgements(decisions: Decisions, now: () => number): Acknowledgements {
  const known = new Map(
    decisions.list('acknowledged').map(({ alertId, severity }) => [alertId, severity]),
  );
  return {
    add({ id: alertId, streamId, severity }) {
      decisions.put('acknowledged', alertId, { alertId, streamId, timeMs: now(), severity });
      known.set(alertId, severity);
    },
    has: (alertId) => known.has(alertId),
    cover({ id, severity }) {
      const then = known.get(id);
      return then !== undefined && RANK[severity] <= RANK[then];
    },
  };
}
