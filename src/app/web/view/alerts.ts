// Alerts as the page shows them: the recent ones, and one with its states and the rows behind it.
import type { Alert } from '../../../core/alert.ts';
import type { Series } from '../../../core/series.ts';
import type { Store } from '../../../core/store.ts';
import { type AlertPayload, alertPayload, round } from '../../../io/text/alert-payload.ts';

interface RecentAlerts {
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

export interface DetailParts {
  readonly history: Pick<Store, 'states'>;
  readonly rowsOf: (alertId: string) => Series | undefined;
}

export interface AlertDetail {
  /** Oldest first. */
  readonly states: readonly AlertView[];
  /** null = none were kept. */
  readonly rows: BlamedRows | null;
}

interface BlamedRows {
  readonly timeMs: readonly number[];
  readonly channels: readonly {
    readonly id: string;
    readonly unit: string;
    /** null = no reading. */
    readonly values: readonly (number | null)[];
  }[];
}

/** undefined when there is no such alert, or no longer. */
export function alertDetail(id: string, { history, rowsOf }: DetailParts): AlertDetail | undefined {
  const states = history.states(id);
  const newest = states.at(-1);
  if (!newest) return undefined;
  const rows = rowsOf(id);
  return { states: states.map(alertView), rows: rows ? blamedOf(rows, newest) : null };
}

function blamedOf({ timeMs, channels, values }: Series, alert: Alert): BlamedRows {
  const width = channels.length;
  const places = alert.channels
    .map(({ id }) => channels.findIndex((channel) => channel.id === id))
    .filter((place) => place >= 0);
  return {
    timeMs: [...timeMs],
    channels: places.map((place) => ({
      id: channels[place]?.id ?? '',
      unit: channels[place]?.unit ?? '',
      values: Array.from(timeMs, (_, row) => finite(values[row * width + place])),
    })),
  };
}

function finite(value = Number.NaN): number | null {
  return Number.isFinite(value) ? round(value) : null;
}

interface AlertView extends AlertPayload {
  /** Its newest state was kept back. */
  readonly silenced: boolean;
}

export function alertView(alert: Alert): AlertView {
  return { ...alertPayload(alert), silenced: alert.silenced === true };
}
