import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Store } from '../../../src/core/store.ts';
import { alertOf } from '../alerts.ts';
import { open, START_MS } from './open-store.ts';

/** What waits for a sink, oldest first. */
function waiting(store: Store, sinkId: string): string[] {
  return store.unsent(sinkId, 99).map(({ alert }) => `${alert.id} ${alert.state}`);
}

function setAside(store: Store, sinkId: string, id: string): number {
  const entry = store.unsent(sinkId, 99).find(({ alert }) => alert.id === id);
  if (!entry) throw new RangeError(`nothing of ${id} waits`);
  store.setAside(entry, 'a bug');
  return entry.sequence;
}

/** Writes to the file of a store that is open. */
function alter(path: string, sql: string): void {
  const db = new SqliteDatabase(path);
  onTestFinished(() => void db.close());
  db.exec(sql);
}

describe('outbox of a store', () => {
  it('lists by sink what waits, since when, and what was set aside', () => {
    const { store, clock } = open();
    store.addAlert(alertOf('x'), ['mqtt', 'log']);
    clock.nowMs += 1000;
    store.addAlert(alertOf('y'), ['mqtt']);
    const sequence = setAside(store, 'mqtt', 'x');
    expect(waiting(store, 'mqtt')).toEqual(['y opened']);
    expect(store.outbox.queues()).toEqual([
      { sinkId: 'log', waiting: 1, oldestMs: START_MS, setAside: [] },
      {
        ...{ sinkId: 'mqtt', waiting: 1, oldestMs: START_MS + 1000 },
        setAside: [
          {
            ...{ sequence, alertId: 'x', streamId: 'motor', state: 'opened' },
            ...{ queuedMs: START_MS, reason: 'a bug' },
          },
        ],
      },
    ]);
    expect(store.backlog()).toMatchObject({ waiting: { mqtt: 1, log: 1 }, setAside: { mqtt: 1 } });
  });

  it('puts back what was set aside, and says the last of an alert again behind it', () => {
    const { store } = open();
    for (const id of ['x', 'y']) store.addAlert(alertOf(id), ['mqtt', 'log']);
    const sequences = ['x', 'y'].map((id) => setAside(store, 'mqtt', id));
    store.addAlert(alertOf('x', 'closed'), ['mqtt']);
    store.addAlert(alertOf('x', 'closed', { silenced: true }), []);
    store.markSent(store.unsent('mqtt', 9)); // a receiver has the end of x, and not yet its beginning
    expect(store.outbox.retry({ sequence: sequences[0] ?? 0 })).toBe(1);
    expect(waiting(store, 'mqtt')).toEqual(['x opened', 'x closed']);
    expect(store.outbox.retry({ sinkId: 'mqtt' })).toBe(1);
    expect(waiting(store, 'mqtt')).toEqual(['x opened', 'y opened', 'x closed']);
    expect(store.outbox.retry({ sinkId: 'mqtt' })).toBe(0);
    expect(waiting(store, 'log')).toEqual(['x opened', 'y opened']);
  });

  it('moves all of one sink to another, in order and each state once', () => {
    const { store } = open();
    store.addAlert(alertOf('x'), ['old']);
    store.addAlert(alertOf('y'), ['old', 'new']);
    setAside(store, 'old', 'x');
    store.addAlert(alertOf('x', 'closed'), ['new']);
    store.markSent(store.unsent('new', 9).slice(1)); // the end of x is sent, the beginning waits for the old sink
    const [underWay] = store.unsent('old', 9); // of the old sink, which is answered for later
    expect(store.outbox.move('old', 'new')).toBe(1);
    expect(waiting(store, 'new')).toEqual(['x opened', 'y opened', 'x closed']);
    expect(store.outbox.queues().map(({ sinkId }) => sinkId)).toEqual(['new']);
    if (underWay) store.markSent([underWay]);
    expect(waiting(store, 'new')).toHaveLength(3);
  });

  it('drops what it is told to and keeps the alerts', () => {
    const { store } = open();
    for (const id of ['x', 'y']) store.addAlert(alertOf(id), ['mqtt', 'log']);
    setAside(store, 'mqtt', 'x');
    expect(store.outbox.drop('mqtt', 'set aside')).toBe(1);
    expect(waiting(store, 'mqtt')).toEqual(['y opened']);
    expect(store.outbox.drop('mqtt', 'all')).toBe(1);
    expect(waiting(store, 'mqtt')).toEqual([]);
    expect(waiting(store, 'log')).toHaveLength(2);
    expect(store.states('x')).toHaveLength(1);
  });

  it.each([
    ['no JSON', '{"id":'],
    ['another value', '"x"'],
    ['without its channels', JSON.stringify({ ...alertOf('b'), channels: undefined })],
    ['of a time that is none', JSON.stringify({ ...alertOf('b'), timeMs: Number.NaN })],
  ])('sets aside what the card has garbled, %s, and reads on (#18)', (_, body) => {
    const { store, path, told } = open();
    for (const id of ['a', 'b', 'c']) store.addAlert(alertOf(id), ['log']);
    alter(path, `UPDATE alert SET body = '${body}' WHERE id = 'b'`);
    expect(waiting(store, 'log')).toEqual(['a opened', 'c opened']);
    expect(store.backlog().setAside).toEqual({ log: 1 });
    expect(store.outbox.queues()[0]?.setAside).toMatchObject([
      { alertId: 'b', reason: 'the stored text is not an alert' },
    ]);
    expect(store.openAlerts('motor').map(({ id }) => id)).toEqual(['a', 'c']);
    expect(store.alerts('motor', 0, 9e15)).toHaveLength(2);
    expect(store.states('b')).toEqual([]);
    expect(store.exclusions('motor', 0, 9e15)).toHaveLength(2);
    expect(told).toEqual([
      "1 unsent alerts for sink 'log' cannot be read: they were set aside",
      'alert state 2 of the history cannot be read: it is left out',
    ]);
  });

  it('reads an alert back whatever its figures are', () => {
    const { store } = open();
    const odd = { score: Number.NaN, peak: Number.POSITIVE_INFINITY, channels: [], timeMs: 1e18 };
    store.addAlert(alertOf('a', 'opened', odd), ['log']);
    expect(store.unsent('log', 9)).toMatchObject([{ alert: { id: 'a', timeMs: 1e18 } }]);
  });
});
