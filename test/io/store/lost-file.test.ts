// Somebody else deletes, exchanges or empties the history while it is open (#18).
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { alertOf } from '../alerts.ts';
import { tempFolder } from '../temp-folder.ts';
import { count, open, peek, START_MS, scoreAt } from './open-store.ts';

/** A history of some size, all of it in its main file and written off from the log. */
function opened() {
  const found = open(join(tempFolder(), 'state', 'history.db'));
  for (let i = 0; i < 20_000; i += 1) found.store.addScore(scoreAt(START_MS + i * 1000));
  for (let i = 0; i < 20; i += 1) found.store.addAlert(alertOf(`a${i}`, 'closed'), []);
  found.store.addAlert(alertOf('before'), ['mqtt']);
  found.store.decisions.put('silence', 'motor', { streamId: 'motor', untilMs: 7 });
  found.store.flush();
  const other = new SqliteDatabase(found.path);
  other.pragma('wal_checkpoint(TRUNCATE)');
  other.close();
  return found;
}

const onDisk = (path: string): string[] =>
  peek<{ id: string }>(
    path,
    'SELECT id FROM outbox JOIN alert ON alert.sequence = outbox.alert',
  ).map(({ id }) => id);

describe('a history that is open', () => {
  it.each([
    ['deleted', (path: string) => rmSync(path), 'was deleted'],
    [
      'deleted with its folder',
      (path: string) => rmSync(dirname(path), { recursive: true }),
      'was deleted',
    ],
    ['moved away', (path: string) => renameSync(path, `${path}.old`), 'was deleted'],
  ])('is whole again after it was %s', (_, lose, loss) => {
    const { store, path, told, problems } = opened();
    lose(path);
    store.addAlert(alertOf('after'), ['mqtt']);
    const message = `the history ${loss} while it was open: a new one was begun with all of its data`;
    expect(told).toEqual([message]);
    expect([...problems.values()]).toEqual([message]);
    expect(onDisk(path)).toEqual(['before', 'after']);
    expect(count(path, 'score')).toBe(20_000);
    expect(count(path, 'alert')).toBe(22);
    expect(() => open(path)).toThrow('is in use by another daemon');
    expect(store.decisions.list('silence')).toHaveLength(1);
    store.markSent(store.unsent('mqtt', 9));
    store.close();
    const again = open(path);
    expect(again.told).toEqual([]);
    expect([...again.problems]).toEqual([]);
    expect(again.store.unsent('mqtt', 9)).toEqual([]);
    expect(again.store.states('after')).toHaveLength(1);
  });

  it('is put back in its place, and what was put there is kept aside', () => {
    const { store, path, told } = opened();
    rmSync(path);
    writeFileSync(path, 'something else'.repeat(100));
    store.addAlert(alertOf('after'), ['mqtt']);
    expect(onDisk(path)).toEqual(['before', 'after']);
    const aside = /moved to (\S+)$/.exec(told[0] ?? '')?.[1] ?? '';
    expect(readFileSync(aside, 'utf8')).toContain('something else');
  });

  it('is begun anew after it was emptied, with what can still be read', () => {
    const { store, path, told, problems } = opened();
    store.addAlert(alertOf('newest'), ['mqtt']);
    const sent = store.unsent('mqtt', 9);
    truncateSync(path);
    store.addAlert(alertOf('after'), ['mqtt']);
    expect(told).toEqual([
      expect.stringMatching(
        /^the history was emptied while it was open: .* alert states that could/,
      ),
    ]);
    expect([...problems.values()]).toEqual(told);
    expect(onDisk(path)).toEqual(expect.arrayContaining(['newest', 'after']));
    // a sink acknowledges what it was sent before, which must not be taken for what came after
    store.markSent(sent);
    expect(onDisk(path)).toEqual(['after']);
    store.addScore(scoreAt(START_MS));
    store.flush();
    expect(count(path, 'score')).toBe(1);
  });

  it('is begun anew when a flush finds it overwritten', () => {
    const { store, path, told } = opened();
    writeFileSync(path, Buffer.alloc(statSync(path).size, 0xa5));
    store.addScore(scoreAt(START_MS));
    store.flush();
    expect(told).toEqual([
      expect.stringContaining('the history was overwritten while it was open'),
    ]);
    store.addAlert(alertOf('after'), ['mqtt']);
    expect(onDisk(path)).toContain('after');
    expect(count(path, 'score')).toBe(1);
  });

  it('keeps what was set aside, and how long the others have waited, when it is begun anew', () => {
    const { store, path, clock } = opened();
    const sql = 'SELECT waited_ms AS ms, set_aside AS why FROM outbox ORDER BY sequence';
    store.addAlert(alertOf('bad'), ['mqtt']);
    for (const entry of store.unsent('mqtt', 9).slice(1)) store.setAside(entry, 'a bug');
    clock.nowMs += 3_600_000;
    store.flush();
    const before = peek(path, sql);
    expect(before).toMatchObject([{ ms: 3_600_000, why: null }, { why: 'a bug' }]);
    truncateSync(path);
    store.flush();
    expect(peek(path, sql)).toEqual(before);
  });

  it('goes on with the copy that a rescue had finished when it was killed', () => {
    const { store, path } = opened();
    store.close();
    renameSync(path, `${path}.rescued`);
    writeFileSync(`${path}-wal`, 'the log of the file that was lost');
    const again = open(path);
    expect(again.told).toEqual([]);
    expect(onDisk(path)).toEqual(['before']);
    expect(existsSync(`${path}.rescued`)).toBe(false);
  });

  it('claims its folder again when the lock was deleted', () => {
    const { store, path } = opened();
    rmSync(`${path}.lock`);
    store.flush();
    expect(() => open(path)).toThrow('is in use by another daemon');
  });

  it('serves from the lost file as long as there is no place for another', () => {
    const { store, path, told, problems, clock } = opened();
    const folder = dirname(path);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file in the way');
    store.addAlert(alertOf('lost?'), ['mqtt']);
    expect(store.unsent('mqtt', 9).map(({ alert }) => alert.id)).toEqual(['before', 'lost?']);
    expect(told).toHaveLength(1);
    expect([...problems.values()]).toEqual([
      expect.stringContaining('the history was deleted and cannot be begun anew'),
    ]);
    rmSync(folder);
    mkdirSync(folder);
    store.addAlert(alertOf('soon'), ['mqtt']);
    expect(existsSync(path)).toBe(false);
    clock.nowMs += 10_000;
    store.addAlert(alertOf('after'), ['mqtt']);
    expect(onDisk(path)).toEqual(['before', 'lost?', 'soon', 'after']);
    expect(count(path, 'score')).toBe(20_000);
    expect(readdirSync(folder).filter((name) => name.includes('rescued'))).toEqual([]);
  });
});
