import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StoreError } from '../../../src/core/errors.ts';
import { MIGRATIONS } from '../../../src/io/store/migrations.ts';
import { alertOf } from '../alerts.ts';
import { importName, mayMount, runOnSmallDisk, TSX } from '../small-disk.ts';
import { tempFolder } from '../temp-folder.ts';
import { count, open, peek, START_MS, scoreAt } from './open-store.ts';

/** What a dying card does. */
function overwritePage(path: string, page: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, (page - 1) * 4096);
  closeSync(file);
}

describe('store in trouble', () => {
  it('refuses a second daemon', () => {
    const { path, store } = open();
    expect(() => open(path)).toThrow(StoreError);
    expect(() => open(path)).toThrow('is in use by another daemon: stop that one');
    store.close();
    open(path).store.addAlert(alertOf('a'), []);
  });

  it('says that another program holds the database', () => {
    const { path, store } = open();
    store.close();
    const other = new SqliteDatabase(path);
    onTestFinished(() => void other.close());
    other.pragma('locking_mode = EXCLUSIVE');
    other.exec('BEGIN EXCLUSIVE');
    expect(() => open(path, { busyMs: 20 })).toThrow(
      'is locked by another program: close what has it open',
    );
  });

  it('keeps scores in memory while another program writes, and tells once', () => {
    const { path, store, told, clock } = open(undefined, { busyMs: 0, flushMs: 1000 });
    const other = new SqliteDatabase(path);
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    for (let i = 0; i < 5; i += 1) {
      clock.nowMs += 1000;
      store.addScore(scoreAt(i));
    }
    expect(told).toEqual([expect.stringContaining('scores wait in memory')]);
    expect(() => store.addAlert(alertOf('a'), ['mqtt'])).toThrow('is locked by another program');
    other.exec('COMMIT');
    clock.nowMs += 1000;
    store.addScore(scoreAt(5));
    expect(count(path, 'score')).toBe(6);
    store.addAlert(alertOf('a'), ['mqtt']);
    expect(store.unsent('mqtt', 9)).toHaveLength(1);
  });

  it('moves a file that is no database aside and begins anew', () => {
    const path = join(tempFolder(), 'history.db');
    writeFileSync(
      path,
      'This is a text file, and a long enough one to be read as a header. '.repeat(100),
    );
    const { store, told } = open(path);
    expect(told).toHaveLength(1);
    const aside = /moved to (\S+) and a new one begun/.exec(told[0] ?? '')?.[1] ?? '';
    expect(aside).toMatch(/history\.db\.corrupt-\d{8}T\d{6}Z$/);
    expect(readFileSync(aside, 'utf8')).toContain('This is a text file');
    store.addAlert(alertOf('a', 'opened', { kind: 'storage' }), ['mqtt']);
    expect(store.unsent('mqtt', 9)).toHaveLength(1);
  });

  /** A database of many alerts with one page overwritten, as a dying card leaves it. */
  function damage(path: string, sql: string): void {
    const { store } = open(path);
    for (let i = 0; i < 300; i += 1) {
      const sinkIds = i >= 290 ? ['mqtt'] : [];
      store.addAlert(alertOf(`alert-${i}`, 'closed', { timeMs: START_MS + i }), sinkIds);
    }
    store.close();
    const [page] = peek<{ pageno: number }>(path, sql);
    overwritePage(path, page?.pageno ?? 0);
  }

  it('saves the unsent alerts out of a corrupt database', () => {
    const path = join(tempFolder(), 'history.db');
    damage(
      path,
      `SELECT pageno FROM dbstat WHERE name = 'alert' AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET 5`,
    );
    const { store, told } = open(path);
    expect(told[0]).toContain('the history was corrupt');
    expect(store.unsent('mqtt', 99).map(({ alert }) => alert.id)).toEqual(
      Array.from({ length: 10 }, (_, i) => `alert-${290 + i}`),
    );
    const saved = store.alerts('motor', 0, Number.MAX_SAFE_INTEGER);
    expect(saved.length).toBeGreaterThan(250);
    expect(saved.length).toBeLessThan(300);
  });

  it('replaces a database that turns out corrupt while it runs', () => {
    const path = join(tempFolder(), 'history.db');
    const { store, told } = open(path);
    store.addAlert(alertOf('before'), ['mqtt']);
    store.decisions.put('silence', 'motor', { streamId: 'motor', untilMs: 7 });
    const other = new SqliteDatabase(path);
    other.pragma('wal_checkpoint(TRUNCATE)');
    other.close();
    const [table] = peek<{ page: number }>(
      path,
      `SELECT rootpage AS page FROM sqlite_schema WHERE name = 'score'`,
    );
    overwritePage(path, table?.page ?? 0);
    store.addScore(scoreAt(1));
    store.flush();
    expect(told).toEqual([expect.stringContaining('the history was corrupt')]);
    expect(store.scores('motor', 0, 9)).toHaveLength(1);
    store.addAlert(alertOf('after'), ['mqtt']);
    expect(store.unsent('mqtt', 9).map(({ alert }) => alert.id)).toEqual(['before', 'after']);
    expect(store.decisions.list('silence')).toEqual([{ streamId: 'motor', untilMs: 7 }]);
  });

  it.skipIf(!mayMount)('says that the disk is full, and goes on when there is room again', () => {
    const program = `
      const fs = await import('node:fs');
      const { openStore } = await import(${importName('src/io/store/sqlite-store.ts')});
      fs.writeFileSync('filler', Buffer.alloc(800_000));
      const store = openStore('history.db', { flushRows: 20_000 });
      const score = (timeMs) => ({ streamId: 'motor', timeMs, score: Math.sqrt(timeMs + 0.5), level: Math.PI, anomalous: false });
      for (let i = 0; i < 10_000; i += 1) store.addScore(score(i));
      try { store.flush(); console.log('no error'); } catch (error) { console.log(error.name, error.message); }
      fs.rmSync('filler');
      store.flush();
      console.log(store.scores('motor', 0, 99_999).length);`;
    expect(runOnSmallDisk(program, '1m').split('\n')).toEqual([
      'StoreError history.db cannot grow: no space left on the disk, free some',
      '10000',
      '',
    ]);
  });

  it.skipIf(!mayMount)(
    'goes on forgetting on a disk that is full, until there is room (#18)',
    () => {
      const program = `
      const fs = await import('node:fs');
      const { openStore } = await import(${importName('src/io/store/sqlite-store.ts')});
      const dayMs = 86_400_000;
      const nowMs = Date.UTC(2026, 0, 11);
      const options = { scoreDays: 1, flushRows: 1e6, flushMs: 1e12 };
      const events = { now: () => nowMs, monotonicMs: () => 0 }; // upkeep has one turn, at the start
      const score = (timeMs) => ({ streamId: 'motor', timeMs, score: Math.sqrt(timeMs + 0.5), level: Math.PI, anomalous: false });
      let store = openStore('history.db', { ...options, scoreDays: 99 }, events);
      for (let day = 10; day > 0; day -= 1) for (let i = 0; i < 10_000; i += 1) store.addScore(score(nowMs - day * dayMs + i));
      store.close();
      store = openStore('history.db', options, events); // somebody wants less to be kept
      for (let i = 0; i < 30_000; i += 1) store.addScore(score(nowMs + i));
      const { bavail, bsize } = fs.statfsSync('.');
      fs.writeFileSync('filler', Buffer.alloc(bavail * bsize - 700_000));
      let failed = 0;
      for (let minute = 0; minute < 30; minute += 1) {
        try { store.flush(); break; } catch (error) { failed += 1; if (!/no space left/.test(error.message)) throw error; }
      }
      fs.rmSync('filler');
      console.log(failed > 0 && failed < 30, store.scores('motor', nowMs, nowMs + dayMs).length);`;
      expect(runOnSmallDisk(program, '16m')).toBe('true 30000\n');
    },
  );

  it('names a folder it may not use and a newer database', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'file'), '');
    expect(() => open(join(folder, 'file', 'history.db'))).toThrow('a part of its path is a file');
    expect(() => open(folder)).toThrow('cannot be opened: check that its folder exists');
    const path = join(folder, 'history.db');
    open(path).store.close();
    const db = new SqliteDatabase(path);
    db.pragma('user_version = 99');
    db.close();
    expect(() => open(path)).toThrow(
      `has version 99, this program knows ${MIGRATIONS.length}: install the newer program`,
    );
    expect(readdirSync(folder).some((name) => name.includes('corrupt'))).toBe(false);
  });

  it('has every alert that was acknowledged after a kill -9', () => {
    const path = join(tempFolder(), 'history.db');
    const program = `
      const { openStore } = await import(${importName('src/io/store/sqlite-store.ts')});
      const { alertOf } = await import(${importName('test/io/alerts.ts')});
      const store = openStore(${JSON.stringify(path)});
      for (let i = 0; i < 25; i += 1) {
        store.addScore({ streamId: 'motor', timeMs: i, score: 1, level: 1, anomalous: false });
        store.addAlert(alertOf('alert-' + i), ['mqtt']);
        process.stdout.write(i + '\\n');
      }
      process.kill(process.pid, 'SIGKILL');`;
    const node = ['--import', TSX, '--input-type=module', '-e', program];
    let printed = '';
    try {
      execFileSync(process.execPath, node, { encoding: 'utf8' });
    } catch (error) {
      printed = String((error as { stdout?: unknown }).stdout);
      expect((error as { signal?: unknown }).signal).toBe('SIGKILL');
    }
    expect(printed.trim().split('\n')).toHaveLength(25);
    expect(existsSync(`${path}-wal`)).toBe(true);
    const { store, told } = open(path); // the lock went with the process
    expect(told).toEqual([]);
    expect(store.unsent('mqtt', 99).map(({ alert }) => alert.id)).toEqual(
      Array.from({ length: 25 }, (_, i) => `alert-${i}`),
    );
  });
});
