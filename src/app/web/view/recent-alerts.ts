// The newest state of each alert that is open or was lately: read once from the history, then told of each new state.
import type { Alert } from '../../../core/alert.ts';
import type { Store } from '../../../core/store.ts';

export interface RecentAlerts {
  note(alert: Alert): void;
  /** Of these streams, open ones first, then the newest. Throws `StoreError` when the history cannot be read. */
  list(streamIds: readonly string[]): readonly Alert[];
}

const WEEK_MS = 7 * 86_400_000;
/** More are for the history, not for a page. */
const MOST_ALERTS = 100;

export function createRecentAlerts(
  history: Pick<Store, 'alerts' | 'openAlerts'>,
  now: () => number,
): RecentAlerts {
  const read = new Set<string>();
  let newest = new Map<string, Alert>();
  const note = (alert: Alert): void => {
    newest.set(alert.id, alert);
    if (newest.size > 2 * MOST_ALERTS)
      newest = new Map(ordered(newest).map((one) => [one.id, one]));
  };
  const readStream = (id: string): void => {
    const earlier = [...history.alerts(id, now() - WEEK_MS, now()), ...history.openAlerts(id)];
    const known = new Map(earlier.map((alert) => [alert.id, alert]));
    for (const alert of known.values()) if (!newest.has(alert.id)) note(alert);
    read.add(id);
  };
  return {
    note,
    list(streamIds) {
      for (const id of streamIds) if (!read.has(id)) readStream(id);
      return ordered(newest);
    },
  };
}

function ordered(alerts: ReadonlyMap<string, Alert>): Alert[] {
  return [...alerts.values()]
    .sort((a, b) => rank(a) - rank(b) || b.startMs - a.startMs)
    .slice(0, MOST_ALERTS);
}

function rank({ state }: Alert): number {
  return state === 'closed' ? 1 : 0;
}
