import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../../src/core/errors.ts';
import { isExcluded } from '../../../src/core/series.ts';
import { alertOf } from '../alerts.ts';
import { tempFolder } from '../temp-folder.ts';
import { count, DAY_MS, open, START_MS, scoreAt } from './open-store.ts';

const answerTo = (alertId: string, fromMs: number, toMs: number) => ({
  ...{
    alertId,
    streamId: 'motor',
    fromMs,
    toMs,
    saidMs: toMs,
    expiresMs: toMs + DAY_MS,
    states: 1,
  },
  pattern: { channels: [], height: 3, modelId: 'm' },
});

const silence = { streamId: 'motor', untilMs: START_MS + 1 };

describe('decisions', () => {
  it('are kept by name, replaced, listed from the oldest on, and removed', () => {
    const { store } = open();
    const { decisions } = store;
    decisions.put('silence', 'motor', silence);
    decisions.put('silence', 'pump', { streamId: 'pump', untilMs: 7 });
    decisions.put('silence', 'motor', { ...silence, untilMs: 9 });
    const until = () => decisions.list('silence').map((one) => [one.streamId, one.untilMs]);
    expect(until()).toEqual([
      ['pump', 7],
      ['motor', 9],
    ]);
    expect(decisions.list('maintenance')).toEqual([]);
    expect(decisions.remove('silence', 'pump')).toBe(true);
    expect(decisions.remove('silence', 'pump')).toBe(false);
    expect(until()).toEqual([['motor', 9]]);
  });

  it('survive a restart', () => {
    const { store, path } = open();
    store.decisions.put('silence', 'motor', silence);
    store.close();
    expect(open(path).store.decisions.list('silence')).toEqual([silence]);
  });

  it('about alerts go with the alerts, feedback stays', () => {
    const { store, clock } = open(undefined, { alertDays: 1 });
    clock.nowMs += 30 * DAY_MS;
    const at = (day: number) => ({ timeMs: START_MS + day * DAY_MS });
    store.addAlert(alertOf('old', 'closed', at(0)), []);
    store.addAlert(alertOf('new', 'closed', at(30)), []);
    for (const alertId of ['old', 'new']) {
      const ack = { alertId, streamId: 'motor', timeMs: 1, severity: 'info' } as const;
      store.decisions.put('acknowledged', alertId, ack);
    }
    store.decisions.put('normal', 'old', answerTo('old', 0, 1));
    store.flush();
    expect(store.decisions.list('acknowledged').map(({ alertId }) => alertId)).toEqual(['new']);
    expect(store.decisions.list('normal')).toHaveLength(1);
  });
});

describe('exclusions', () => {
  const at = (second: number) => START_MS + second * 1000;

  it('are quiet stretches, parted by what lies between them', () => {
    const { store } = open();
    const quiet = [0, 0, 1, 1, 1, 0, 1, 0];
    quiet.forEach((mark, second) => {
      store.addScore({ ...scoreAt(at(second)), ...(mark === 1 && { quiet: true }) });
    });
    store.addScore({ ...scoreAt(at(3), 0.5, 'pump'), quiet: true });
    const found = store.exclusions('motor', at(0), at(100));
    expect(found).toEqual([
      { fromMs: at(2), toMs: at(4), reason: 'quiet' },
      { fromMs: at(6), toMs: at(6), reason: 'quiet' },
    ]);
    const out = quiet.map((_, second) => isExcluded(found, at(second)));
    expect(out).toEqual(quiet.map((mark) => mark === 1));
    expect(store.scores('motor', at(2), at(2))[0]?.quiet).toBe(true);
    expect(store.exclusions('motor', at(7), at(9))).toEqual([]);
  });

  it.each([800 * DAY_MS, -800 * DAY_MS])(
    'of an alert end where it was last seen when the clock went wrong by %d ms in it (#18)',
    (wrongMs) => {
      const { store } = open();
      const times = { startMs: at(10), timeMs: at(10) };
      store.addAlert(alertOf('a', 'opened', times), []);
      store.addAlert(alertOf('a', 'updated', { ...times, timeMs: at(15) }), []);
      const end = { timeMs: at(20) + wrongMs, endMs: at(20) + wrongMs };
      store.addAlert(alertOf('a', 'closed', { ...times, ...end }), []);
      const found = store.exclusions('motor', at(0), at(900));
      expect(found).toEqual([{ fromMs: at(10), toMs: at(15), reason: 'alert' }]);
    },
  );

  it('are alerts, the open ones until now, and not those that were called normal', () => {
    const { store } = open();
    const alert = (id: string, from: number, to: number | null) => {
      const times = { startMs: at(from), timeMs: at(to ?? from + 1) };
      store.addAlert(alertOf(id, 'opened', times), []);
      if (to !== null) store.addAlert(alertOf(id, 'closed', { ...times, endMs: at(to) }), []);
    };
    alert('early', 0, 5);
    alert('normal', 10, 20);
    alert('late', 30, 40);
    alert('open', 60, null);
    store.decisions.put('normal', 'normal', answerTo('normal', at(10), at(20)));
    const like = { startMs: at(50), timeMs: at(55), endMs: at(55), normal: 'normal' };
    store.addAlert(alertOf('like', 'closed', like), []);
    expect(store.exclusions('motor', at(6), at(90))).toEqual([
      { fromMs: at(30), toMs: at(40), reason: 'alert' },
      { fromMs: at(60), toMs: at(90), reason: 'alert' },
    ]);
  });
});

describe('backlog', () => {
  it('counts what waits for each sink and what was dropped', () => {
    const { store } = open(undefined, { outboxLimit: 2 });
    expect(store.backlog()).toEqual({ waiting: {}, setAside: {}, dropped: 0 });
    for (const id of ['a', 'b', 'c']) store.addAlert(alertOf(id), ['mqtt']);
    store.addAlert(alertOf('d'), ['log']);
    expect(store.backlog()).toEqual({ waiting: { log: 1, mqtt: 2 }, setAside: {}, dropped: 1 });
  });
});

describe('states', () => {
  it('are those of one alert, oldest first', () => {
    const { store } = open();
    store.addAlert(alertOf('a'), []);
    store.addAlert(alertOf('b'), []);
    store.addAlert(alertOf('a', 'closed', { silenced: true }), []);
    expect(store.states('a')).toEqual([alertOf('a'), alertOf('a', 'closed', { silenced: true })]);
    expect(store.states('none')).toEqual([]);
  });
});

describe('backup', () => {
  it('copies everything, also what waited in memory, while the store is in use', async () => {
    const { store, path } = open();
    store.addAlert(alertOf('a'), ['mqtt']);
    store.addScore(scoreAt(START_MS));
    const copying = store.backup(join(dirname(path), 'backups'));
    store.addAlert(alertOf('b'), []);
    const { path: copy, bytes } = await copying;
    expect(copy).toBe(join(dirname(path), 'backups', 'history-20261124T000000Z.db'));
    expect(count(copy, 'score')).toBe(1);
    expect(count(copy, 'outbox')).toBe(1);
    expect(bytes).toBeGreaterThan(4096);
    const { store: restored } = open(copy);
    expect(restored.unsent('mqtt', 9).map(({ alert }) => alert.id)).toEqual(['a']);
  });

  it('keeps the newest three copies and no other file of its own', async () => {
    const { store, clock } = open();
    const folder = tempFolder();
    writeFileSync(join(folder, 'history-of-mine.db'), '');
    writeFileSync(join(folder, 'history-20261123T000000Z.db.part'), 'of a killed daemon');
    for (let minute = 0; minute < 5; minute += 1) {
      clock.nowMs = START_MS + minute * 60_000;
      await store.backup(folder);
    }
    expect(readdirSync(folder).sort()).toEqual([
      'history-20261124T000200Z.db',
      'history-20261124T000300Z.db',
      'history-20261124T000400Z.db',
      'history-of-mine.db',
    ]);
  });

  it('makes one copy for all who ask at once', async () => {
    const { store } = open();
    const folder = tempFolder();
    const [one, other] = await Promise.all([store.backup(folder), store.backup(folder)]);
    expect(other).toEqual(one);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('says what is wrong when there is no room for it', async () => {
    const { store, path } = open();
    await expect(store.backup(path)).rejects.toThrow('a part of its path is a file');
  });

  it('leaves nothing behind when it fails at the end', async () => {
    const { store } = open();
    const folder = tempFolder();
    const name = 'history-20261124T000000Z.db';
    mkdirSync(join(folder, name, 'in the way'), { recursive: true });
    await expect(store.backup(folder)).rejects.toThrow(StoreError);
    expect(readdirSync(folder)).toEqual([name]);
  });
});
