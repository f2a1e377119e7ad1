import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { HISTORY_FILE, openOutlet } from '../../../src/app/alerts/dispatcher.ts';
import { createLog } from '../../../src/app/log.ts';
import { alertOf } from '../../io/alerts.ts';
import { configOf } from '../daemon/setup.ts';

it('alerts are saved though their rows can neither be kept nor read', () => {
  const config = configOf([{ id: 'motor', source: { kind: 'host' } }]);
  const lines: { msg: string; alertId?: string }[] = [];
  const outlet = openOutlet(config, {
    ...{ streams: [], broker: undefined, reload: undefined },
    vitals: { read: () => ({ rssBytes: 7e7, eventLoopLagMs: 2 }) },
    log: createLog({ level: 'warn', style: 'json', write: (line) => lines.push(JSON.parse(line)) }),
  });
  onTestFinished(() => void outlet.close());
  const history = new SqliteDatabase(join(config.state, HISTORY_FILE));
  onTestFinished(() => void history.close());
  history.exec('ALTER TABLE alert_rows RENAME TO lost');
  outlet.save(alertOf('a'));
  const [timeMs, values] = [Float64Array.of(1), Float64Array.of(2)];
  outlet.keepRows('a', { id: 'a', channels: [{ id: 'current', unit: 'A' }], timeMs, values });
  expect(outlet.rowsOf('a')).toBeUndefined();
  history.exec('ALTER TABLE lost RENAME TO alert_rows');
  expect(outlet.openAlerts('motor')).toEqual([alertOf('a')]);
  expect(lines).toMatchObject(
    ['keep', 'read'].map(() => ({ alertId: 'a', msg: expect.stringContaining('alert_rows') })),
  );
});

function quietOutlet(changes: Record<string, unknown> = {}) {
  const config = configOf([{ id: 'motor', source: { kind: 'host' } }], changes);
  const surroundings = {
    ...{ streams: [], broker: undefined, reload: undefined },
    vitals: { read: () => ({ rssBytes: 7e7, eventLoopLagMs: 2 }) },
    log: createLog({ level: 'silent', style: 'json', write: () => undefined }),
  };
  const outlet = openOutlet(config, surroundings);
  let closing: Promise<unknown> | undefined;
  const close = (): Promise<unknown> => {
    closing ??= outlet.close();
    return closing;
  };
  onTestFinished(async () => void (await close().catch(() => undefined)));
  const problems = () => outlet.desk.control.health().problems;
  return { config, surroundings, outlet, close, problems };
}

it('what is wrong with the history is a problem of the daemon until it is over', () => {
  const { outlet, problems } = quietOutlet();
  const score = { streamId: 'motor', score: 1, level: 2, anomalous: false };
  outlet.report({ ...score, timeMs: Date.UTC(2133, 0, 1) });
  expect(problems()).toEqual([
    expect.stringContaining("stream 'motor' has scores of 2133-01-01T00:00:00.000Z"),
  ]);
});

it('an alert that cannot be saved is a problem until one can', () => {
  const { config, outlet, problems } = quietOutlet();
  const history = new SqliteDatabase(join(config.state, HISTORY_FILE));
  onTestFinished(() => void history.close());
  history.exec('ALTER TABLE alert RENAME TO lost');
  outlet.save(alertOf('a'));
  expect(problems()).toEqual([expect.stringContaining('alerts are sent without being saved')]);
  history.exec('ALTER TABLE lost RENAME TO alert');
  outlet.save(alertOf('b'));
  expect(problems()).toEqual([]);
});

it('an alert that the disk refused is saved once it can be, and waits for a sink that has not had it', () => {
  const { config, outlet } = quietOutlet({
    sinks: [{ kind: 'mqtt', broker: { url: 'mqtt://127.0.0.1:1' } }],
  });
  const history = new SqliteDatabase(join(config.state, HISTORY_FILE));
  onTestFinished(() => void history.close());
  history.exec('ALTER TABLE alert RENAME TO lost');
  outlet.save(alertOf('a'));
  outlet.save(alertOf('a', 'closed'));
  expect(outlet.unsent()).toBe(2);
  history.exec('ALTER TABLE lost RENAME TO alert');
  outlet.save(alertOf('b'));
  expect(outlet.unsent()).toBe(3);
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
  const { config, outlet, surroundings } = quietOutlet({
    sinks: [{ kind: 'mqtt', broker: { url } }],
  });
  const history = new SqliteDatabase(join(config.state, HISTORY_FILE));
  onTestFinished(() => void history.close());
  history.exec('ALTER TABLE alert RENAME TO lost');
  outlet.save(alertOf('a'));
  await outlet.useSinks(config, surroundings);
  expect(outlet.unsent()).toBe(1);
  history.exec('ALTER TABLE lost RENAME TO alert');
  outlet.save(alertOf('b'));
  expect(outlet.unsent()).toBe(2);
  expect(history.prepare('SELECT count(*) AS n FROM outbox').get()).toEqual({ n: 2 });
});

it('a fault of the history is an alert also when it is closed at once, and no bug', async () => {
  const { config, outlet, close } = quietOutlet({ store: { flushRows: 1 } });
  const history = new SqliteDatabase(join(config.state, HISTORY_FILE));
  onTestFinished(() => void history.close());
  history.exec('ALTER TABLE score RENAME TO lost');
  outlet.report({ streamId: 'motor', timeMs: 1, score: 1, level: 2, anomalous: false });
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
  const { config, surroundings, outlet } = quietOutlet({
    sinks: [{ kind: 'mqtt', broker: { url: 'mqtt://127.0.0.1:1' } }],
  });
  const history = new SqliteDatabase(join(config.state, HISTORY_FILE));
  onTestFinished(() => void history.close());
  history.exec('ALTER TABLE outbox RENAME TO lost');
  const closing = outlet.close();
  await expect(closing).rejects.toThrow('no such table');
  history.exec('ALTER TABLE lost RENAME TO outbox');
  await openOutlet(config, surroundings).close();
});
