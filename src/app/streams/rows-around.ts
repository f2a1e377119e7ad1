// The rows of a stream that is watched: shown as they come, and kept around alerts: the newest ones at any time, and with
// each open alert those that follow it.
import { isDeepStrictEqual } from 'node:util';
import type { Alert } from '../../core/alert.ts';
import type { Channel, Sample } from '../../core/sample.ts';
import { rowOf, type Series } from '../../core/series.ts';
import { TimeGrid } from '../../detection/windows/time-grid.ts';
import { type Model, watchedChannels } from '../../models/model.ts';
import type { Dispatcher } from '../alerts/dispatcher.ts';
import type { Stream } from '../compose/stream.ts';

export interface RowsAround {
  /** Gathers the rows that a sample completes. */
  take(sample: Sample): void;
  /** To be called with each state of an alert: keeps the rows that have come so far. */
  see(alert: Alert): void;
  /** The stream ends: keeps the rows of open alerts. */
  end(): void;
}

type RowKeeper = Pick<Dispatcher, 'mostRows' | 'keepRows' | 'rowsOf' | 'openAlerts' | 'row'>;

/**
 * The rows are those of the windows' grid, in channel units; of counters in units of their rates. NaN = no reading. An
 * alert that an earlier run of a live source left open continues with its rows, unless these have other channels: then
 * they stay as they are.
 */
export function rowsAround(stream: Stream, model: Model, keeper: RowKeeper): RowsAround {
  return new Gatherer(stream, model, keeper, Math.ceil(keeper.mostRows / 2));
}

class Gatherer implements RowsAround {
  readonly #streamId: string;
  readonly #channels: readonly Channel[];
  readonly #keeper: RowKeeper;
  /** Most rows before an opening, and most rows after it; 0 = none are kept. */
  readonly #most: number;
  readonly #grid: TimeGrid;
  readonly #open = new Map<string, ThinnedRows>();
  /** Alerts whose rows have other channels than the stream has now: these rows stay, as they show what the alert is about. */
  readonly #past = new Set<string>();
  #newest: Row[] = [];

  constructor({ id, config, source }: Stream, model: Model, keeper: RowKeeper, most: number) {
    this.#streamId = id;
    this.#channels = watchedChannels(model);
    this.#keeper = keeper;
    this.#most = most;
    this.#grid = new TimeGrid(model.channels.length, model.intervalMs, config.windows, model.rates);
    if (!source.live || most === 0) return;
    for (const alert of keeper.openAlerts(id)) {
      if (alert.kind !== 'stream_failed') this.#resume(alert.id); // which has no rows
    }
  }

  take({ timeMs, values }: Sample): void {
    for (let due = this.#grid.push(timeMs, values); due > 0; due--) {
      this.#grid.advance();
      this.#add({ timeMs: this.#grid.timeMs, values: readIn(this.#grid) });
    }
  }

  see({ id, state }: Alert): void {
    if (this.#most === 0 || this.#past.has(id)) return;
    const rows = this.#open.get(id) ?? new ThinnedRows([...this.#newest], this.#most);
    this.#open.set(id, rows);
    this.#keep(id, rows);
    if (state === 'closed') this.#open.delete(id);
  }

  end(): void {
    for (const [id, rows] of this.#open) this.#keep(id, rows);
  }

  #add(row: Row): void {
    this.#keeper.row({ streamId: this.#streamId, channels: this.#channels, ...row });
    if (this.#most === 0) return;
    if (row.timeMs <= (this.#newest.at(-1)?.timeMs ?? Number.NEGATIVE_INFINITY)) this.#newest = []; // they are of a wrong clock
    this.#newest.push(row);
    if (this.#newest.length > this.#most) this.#newest.shift();
    for (const rows of this.#open.values()) rows.add(row);
  }

  #resume(alertId: string): void {
    const kept = this.#keeper.rowsOf(alertId);
    if (kept && !isDeepStrictEqual(kept.channels, this.#channels)) {
      this.#past.add(alertId);
      return;
    }
    const earlier = kept ? rowsIn(kept) : [];
    const rows = new ThinnedRows(earlier.slice(0, this.#most), this.#most);
    for (const row of earlier.slice(this.#most)) rows.add(row);
    this.#open.set(alertId, rows);
  }

  #keep(alertId: string, kept: ThinnedRows): void {
    this.#keeper.keepRows(alertId, seriesOf(alertId, this.#channels, kept.rows()));
  }
}

/** The readings of the row; NaN where the grid has repeated the last value. */
function readIn({ values, imputed }: TimeGrid): Float32Array {
  return Float32Array.from(values, (value, c) => (imputed[c] === 1 ? Number.NaN : value));
}

function rowsIn(series: Series): readonly Row[] {
  return Array.from(series.timeMs, (timeMs, row) => {
    return { timeMs, values: Float32Array.from(rowOf(series, row)) };
  });
}

function seriesOf(id: string, channels: readonly Channel[], rows: readonly Row[]): Series {
  const width = channels.length;
  const values = new Float64Array(rows.length * width);
  for (const [row, { values: cells }] of rows.entries()) values.set(cells, row * width);
  return { id, channels, timeMs: Float64Array.from(rows, ({ timeMs }) => timeMs), values };
}

/** One row of the grid: (C,) in channel units, NaN = not read. */
interface Row {
  readonly timeMs: number;
  readonly values: Float32Array;
}

/**
 * The rows of one alert: those before its opening, and at most `most` of those that follow. When more follow, every second
 * of them is kept, then every fourth, and so on.
 */
class ThinnedRows {
  readonly #before: readonly Row[];
  readonly #most: number;
  #after: Row[] = [];
  #every = 1;
  #followed = 0;
  #lastMs: number;

  constructor(before: readonly Row[], most: number) {
    this.#before = before;
    this.#most = most;
    this.#lastMs = before.at(-1)?.timeMs ?? Number.NEGATIVE_INFINITY;
  }

  add(row: Row): void {
    if (row.timeMs <= this.#lastMs) return; // the clock was set back
    this.#lastMs = row.timeMs;
    if (this.#followed % this.#every === 0) this.#after.push(row);
    this.#followed += 1;
    if (this.#after.length <= this.#most) return;
    this.#every *= 2;
    this.#after = this.#after.filter((_, place) => place % 2 === 0);
  }

  rows(): readonly Row[] {
    return [...this.#before, ...this.#after];
  }
}
