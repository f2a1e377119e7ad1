import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Series } from '../../../src/core/series.ts';
import { MIGRATIONS, migrate } from '../../../src/io/store/migrations.ts';
import { alertOf } from '../alerts.ts';
import { tempFolder } from '../temp-folder.ts';
import { count, DAY_MS, open, START_MS } from './open-store.ts';

const channels = [
  { id: 'vibration', unit: 'mm/s' },
  { id: 'current', unit: 'A' },
];

/** Rows that do not deflate to nothing, with a hole. */
function rowsOf(rows: number): Series {
  const timeMs = Float64Array.from({ length: rows }, (_, row) => START_MS + row * 1000.5);
  const values = Float64Array.from({ length: 2 * rows }, (_, i) =>
    Number(Math.sin(i * i).toPrecision(7)),
  );
  values[3] = Number.NaN;
  return { id: 'a', channels, timeMs, values };
}

describe('rows around an alert', () => {
  it('come back with their channels, times and holes, also after a restart', () => {
    const { store, path } = open();
    store.addAlert(alertOf('a'), []);
    store.rows.keep('a', rowsOf(3));
    store.rows.keep('a', rowsOf(50));
    expect(store.rows.of('a')).toEqual(rowsOf(50));
    expect(store.rows.of('b')).toBeUndefined();
    store.close();
    expect(open(path).store.rows.of('a')).toEqual(rowsOf(50));
  });

  it('are as many digits as a float has, and no more', () => {
    const { store } = open();
    const values = [0.1, 101_325.1, 1e300];
    const timeMs = Float64Array.of(START_MS, START_MS + 1, START_MS + 2);
    const [channel] = channels;
    if (!channel) throw new Error('no channel');
    store.rows.keep('a', {
      ...{ id: 'a', channels: [channel], timeMs },
      values: Float64Array.from(values),
    });
    expect([...(store.rows.of('a')?.values ?? [])]).toEqual([0.1, 101_325.1, Infinity]);
  });

  it('are forgotten with the alert', () => {
    const { store, clock, path } = open(undefined, { alertDays: 1 });
    const at = (day: number) => ({ timeMs: START_MS + day * DAY_MS });
    for (const [id, day] of [
      ['old', 0],
      ['new', 11],
    ] as const) {
      store.addAlert(alertOf(id, 'closed', at(day)), []);
      store.rows.keep(id, rowsOf(9));
    }
    clock.nowMs += 11 * DAY_MS;
    store.flush();
    expect(store.rows.of('old')).toBeUndefined();
    expect(store.rows.of('new')).toEqual({ ...rowsOf(9), id: 'new' });
    expect(count(path, 'alert_rows')).toBe(1);
  });

  it('of the oldest alerts go when all take more of the disk than they may', () => {
    const { store, clock, path } = open(undefined, { alertRowsMb: 0.015 });
    const ids = ['a', 'b', 'c', 'd'];
    for (const id of ids) {
      store.addAlert(alertOf(id), []);
      store.rows.keep(id, rowsOf(500)); // some 6 kB
    }
    store.rows.keep('b', rowsOf(500)); // news of an old one
    clock.nowMs += DAY_MS;
    store.flush();
    expect(ids.filter((id) => store.rows.of(id))).toEqual(['b', 'd']);
    expect(count(path, 'alert')).toBe(4);
  });

  it('are none where the card has garbled them, be it one byte', () => {
    const { store, path } = open();
    store.rows.keep('a', rowsOf(50));
    const db = new SqliteDatabase(path);
    const body = db.prepare('SELECT body FROM alert_rows').pluck().get() as Buffer;
    const garble = db.prepare('UPDATE alert_rows SET body = ?');
    for (const place of body.keys()) {
      const garbled = Buffer.from(body);
      garbled[place] = ~(garbled[place] ?? 0);
      garble.run(garbled);
      expect(store.rows.of('a')).toBeUndefined();
    }
    garble.run(body);
    expect(store.rows.of('a')).toEqual(rowsOf(50));
    db.exec("UPDATE alert_rows SET channels = '[{'");
    expect(store.rows.of('a')).toBeUndefined();
    db.close();
  });

  it('are none of alerts from before they were kept', () => {
    const path = join(tempFolder(), 'history.db');
    const db = new SqliteDatabase(path);
    migrate(db, path, MIGRATIONS.slice(0, 2));
    const body = JSON.stringify(alertOf('a'));
    db.prepare("INSERT INTO alert VALUES (1, 'a', 'motor', 'opened', 5, ?)").run(body);
    db.close();
    const { store } = open(path);
    expect(store.states('a')).toEqual([alertOf('a')]);
    expect(store.rows.of('a')).toBeUndefined();
  });
});
