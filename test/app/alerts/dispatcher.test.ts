import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { openDispatcher } from '../../../src/app/alerts/dispatcher.ts';
import { createLog } from '../../../src/app/log.ts';
import { HISTORY_FILE } from '../../../src/app/state/state-files.ts';
import { alertOf } from '../../io/alerts.ts';
import { configOf } from '../daemon/setup.ts';

it('alerts are saved though their rows can neither be kept nor read', () => {
  const config = configOf([{ id: 'motor', source: { kind: 'host' } }]);
  const lines: { msg: string; alertId?: string }[] = [];
  const dispatcher = openDispatcher(config, {
    ...{ streams: [], broker: undefined, reload: undefined },
    vitals: { read: () => ({ rssBytes: 7e7, eventLoopLagMs: 2 }) },
    log: createLog({ level: 'warn', style: 'json', write: (line) => lines.push(JSON.parse(line)) }),
  });
  onTestFinished(() => void dispatcher.close());
  const history = new SqliteDatabase(join(config.state, HISTORY_FILE));
  onTestFinished(() => void history.close());
  history.exec('ALTER TABLE alert_rows RENAME TO lost');
  dispatcher.save(alertOf('a'));
  const [timeMs, values] = [Float64Array.of(1), Float64Array.of(2)];
  dispatcher.keepRows('a', { id: 'a', channels: [{ id: 'current', unit: 'A' }], timeMs, values });
  expect(dispatcher.rowsOf('a')).toBeUndefined();
  history.exec('ALTER TABLE lost RENAME TO alert_rows');
  expect(dispatcher.openAlerts('motor')).toEqual([alertOf('a')]);
  expect(lines).toMatchObject(
    ['keep', 'read'].map(() => ({ alertId: 'a', msg: expect.stringContaining('alert_rows') })),
  );
});

function quietDispatcher(changes: Record<string, unknown> = {}) {
  const config = configOf([{ id: 'motor', source: { kind: 'host' } }], changes);
  const surroundings = {
    ...{ streams: [], broker: undefined, reload: undefined },
    vitals: { read: () => ({ rssBytes: 7e7, eventLoopLagMs: 2 }) },
    log: createLog({ level: 'silent', style: 'json', write: () => undefined }),
  };
  const dispatcher = openDispatcher(config, surroundings);
  let closing: Promise<unknown> | undefined;
  const close = (): Promise<unknown> => {
    closing ??= dispatcher.close();
    return closing;
  };
  onTestFinished(async () => void (await close().catch(() => undefined)));
  const problems = () => dispatcher.daemonControl.control.health().problems;
  return { config, surroundings, dispatcher, close, problems };
}

it('what is wrong with the history is a problem of the daemon until it is over', () => {
  const { dispatcher, problems } = quietDispatcher();
  const score = { streamId: 'motor', score: 1, level: 2, anomalous: false };
  dispatcher.report({ ...score, timeMs: Date.UTC(2133, 0, 1) });
  expect(problems()).toEqual([
    expect.stringContaining("stream 'motor' has scores of 2133-01-01T00:00:00.000Z"),
  ]);
});

it('an alert that cannot be saved is a problem until one can', () => {
  const { config, dispatcher, problems } = quietDispatcher();
  const history = new SqliteDatabase(join(config.state, HISTORY_FILE));
  onTestFinished(() => void history.close());
  history.exec('ALTER TABLE alert RENAME TO lost');
  dispatcher.save(alertOf('a'));
  expect(problems()).toEqual([expect.stringContaining('alerts are sent but cannot be saved')]);
  history.exec('ALTER TABLE lost RENAME TO alert');
  dispatcher.save(alertOf('b'));
  expect(problems()).toEqual([]);
});

it('an alert that the disk refused is saved once it can be, and waits for a sink that has not had it', () => {
  const { config, dispatcher } = quietDispatcher({
    sinks: [{ kind: 'mqtt', broker: { url: 'mqtt://127.0.0.1:1' } }],
  });
  const history = new SqliteDatabase(join(config.state, HISTORY_FILE));
  onTestFinished(() => void history.close());
  history.exec('ALTER TABLE alert RENAME TO lost');
  dispatcher.save(alertOf('a'));
  dispatcher.save(alertOf('a', 'closed'));
  expect(dispatcher.unsent()).toBe(2);
  history.exec('ALTER TABLE lost RENAME TO alert');
  dispatcher.save(alertOf('b'));
  expect(dispatcher.unsent()).toBe(3);
  const waiting = history
    .prepare(
      'SELECT id, state FROM outbox JOIN alert ON alert.sequence = outbox.alert ORDER BY 1, 2',
    )
    .raw()
    .all();
  expect(waiting).toEqual([
    ['a', 'closed'],
    ['a', 'opened'],
    ['b', 'opened'],
  ]);
});

it('an alert that the disk refused waits for its sinks also when these are opened anew', async () => {
  const url = 'mqtt://127.0.0.1:1';
  const { config, dispatcher, surroundings } = quietDispatcher({
    sinks: [{ kind: 'mqtt', broker: { url } }],
  });
  const history = new SqliteDatabase(join(config.state, HISTORY_FILE));
  onTestFinished(() => void history.close());
  history.exec('ALTER TABLE alert RENAME TO lost');
  dispatcher.save(alertOf('a'));
  await dispatcher.useSinks(config, surroundings);
  expect(dispatcher.unsent()).toBe(1);
  history.exec('ALTER TABLE lost RENAME TO alert');
  dispatcher.save(alertOf('b'));
  expect(dispatcher.unsent()).toBe(2);
  expect(history.prepare('SELECT count(*) AS n FROM outbox').get()).toEqual({ n: 2 });
});

it('a fault of the history is an alert also when it is closed at once, and no bug', async () => {
  const { config, dispatcher, close } = quietDispatcher({ store: { flushRows: 1 } });
  const history = new SqliteDatabase(join(config.state, HISTORY_FILE));
  onTestFinished(() => void history.close());
  history.exec('ALTER TABLE score RENAME TO lost');
  dispatcher.report({ streamId: 'motor', timeMs: 1, score: 1, level: 2, anomalous: false });
  history.exec('ALTER TABLE lost RENAME TO score');
  await close();
  await new Promise((resolve) => setImmediate(resolve));
  const states = history.prepare('SELECT stream, state FROM alert ORDER BY sequence').raw().all();
  expect(states).toEqual([
    ['storage', 'opened'],
    ['storage', 'closed'],
  ]);
});

it('lets go of a history whose outbox cannot be read when it is closed', async () => {
  const { config, surroundings, dispatcher } = quietDispatcher({
    sinks: [{ kind: 'mqtt', broker: { url: 'mqtt://127.0.0.1:1' } }],
  });
  const history = new SqliteDatabase(join(config.state, HISTORY_FILE));
  onTestFinished(() => void history.close());
  history.exec('ALTER TABLE outbox RENAME TO lost');
  const closing = dispatcher.close();
  await expect(closing).rejects.toThrow('no such table');
  history.exec('ALTER TABLE lost RENAME TO outbox');
  await openDispatcher(config, surroundings).close();
});
