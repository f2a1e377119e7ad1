// The rows around alerts, gathered while a stream is watched: the newest ones at any time, and with each open alert those
// that follow it.
import { isDeepStrictEqual } from 'node:util';
import type { Alert } from '../../core/alert.ts';
import type { Channel } from '../../core/sample.ts';
import { rowOf, type Series } from '../../core/series.ts';
import type { Source } from '../../core/source.ts';
import { TimeGrid } from '../../detection/windows/time-grid.ts';
import { type Model, watchedChannels } from '../../models/model.ts';
import type { Dispatcher } from '../alerts/dispatcher.ts';
import { eachSample } from '../compose/each-sample.ts';
import type { Stream } from '../compose/stream.ts';
import { type Row, ThinnedRows } from './thinned-rows.ts';

export interface RowsAround {
  /** The source, whose rows are gathered as they pass. */
  over(source: Source): Source;
  /** To be told of each state of an alert: what is known of it by then is kept. */
  see(alert: Alert): void;
  /** The stream ends: what is known of alerts that are open is kept. */
  end(): void;
}

type RowKeeper = Pick<Dispatcher, 'mostRows' | 'keepRows' | 'rowsOf' | 'openAlerts'>;

/**
 * Rows are those of the grid that windows are cut from, in channel units, of counters in those of their rates; where a
 * channel was not read there is none to see. Alerts that an earlier run of a live source left open go on with the rows
 * they have; if these are of other channels they stay as they are.
 */
export function rowsAround(stream: Stream, model: Model, keeper: RowKeeper): RowsAround {
  const { mostRows } = keeper;
  if (mostRows === 0)
    return { over: (source) => source, see: () => undefined, end: () => undefined };
  return new Gatherer(stream, model, keeper, Math.ceil(mostRows / 2));
}

class Gatherer implements RowsAround {
  readonly #channels: readonly Channel[];
  readonly #keeper: RowKeeper;
  /** Rows before an opening, and as many after it. */
  readonly #most: number;
  readonly #grid: TimeGrid;
  readonly #open = new Map<string, ThinnedRows>();
  /** Alerts whose rows are of other channels than there are now: they tell best what the alert was about. */
  readonly #past = new Set<string>();
  #newest: Row[] = [];

  constructor({ id, config, source }: Stream, model: Model, keeper: RowKeeper, most: number) {
    this.#channels = watchedChannels(model);
    this.#keeper = keeper;
    this.#most = most;
    this.#grid = new TimeGrid(model.channels.length, model.intervalMs, config.windows, model.rates);
    if (!source.live) return;
    for (const alert of keeper.openAlerts(id)) {
      if (alert.kind !== 'stream_failed') this.#resume(alert.id); // which has no rows
    }
  }

  over(source: Source): Source {
    const take = this.#take.bind(this);
    return eachSample(source, async function* (signal) {
      for await (const sample of source.samples(signal)) {
        take(sample.timeMs, sample.values);
        yield sample;
      }
    });
  }

  see({ id, state }: Alert): void {
    if (this.#past.has(id)) return;
    const rows = this.#open.get(id) ?? new ThinnedRows([...this.#newest], this.#most);
    this.#open.set(id, rows);
    this.#keep(id, rows);
    if (state === 'closed') this.#open.delete(id);
  }

  end(): void {
    for (const [id, rows] of this.#open) this.#keep(id, rows);
  }

  #take(timeMs: number, readings: Float64Array): void {
    for (let due = this.#grid.push(timeMs, readings); due > 0; due--) {
      this.#grid.advance();
      this.#add({ timeMs: this.#grid.timeMs, values: readIn(this.#grid) });
    }
  }

  #add(row: Row): void {
    if (row.timeMs <= (this.#newest.at(-1)?.timeMs ?? Number.NEGATIVE_INFINITY)) this.#newest = []; // of a clock that was wrong
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

/** What was read of the row, which holds the last values where nothing was. */
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
