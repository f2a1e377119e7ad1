// An alert with its life and, where they were kept, the rows of the channels it blames.
import type { Alert } from '../../../core/alert.ts';
import type { Series } from '../../../core/series.ts';
import type { Store } from '../../../core/store.ts';
import { round } from '../../../io/text/alert-payload.ts';
import { type AlertView, alertView } from './alert-view.ts';

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

export interface BlamedRows {
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
