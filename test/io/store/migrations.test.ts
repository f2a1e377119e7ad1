import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MIGRATIONS, migrate } from '../../../src/io/store/migrations.ts';
import { tempFolder } from '../temp-folder.ts';
import { open } from './open-store.ts';

const first = 'CREATE TABLE a (x)';
const second = 'ALTER TABLE a ADD COLUMN y DEFAULT 7';

function fresh() {
  const path = join(tempFolder(), 'history.db');
  const db = new SqliteDatabase(path);
  onTestFinished(() => void db.close());
  return { path, db, version: () => db.pragma('user_version', { simple: true }) };
}

describe('migrations', () => {
  it('takes a new database through all steps without a copy', () => {
    const { path, db, version } = fresh();
    migrate(db, path, [first, second]);
    expect(version()).toBe(2);
    expect(existsSync(`${path}.v0`)).toBe(false);
  });

  it('takes an old database through the missing steps and keeps a copy of it', () => {
    const { path, db, version } = fresh();
    migrate(db, path, [first]);
    db.exec('INSERT INTO a VALUES (1)');
    writeFileSync(`${path}.v1.part`, 'of a start that was killed');
    migrate(db, path, [first, second]);
    migrate(db, path, [first, second]);
    expect(version()).toBe(2);
    expect(db.prepare('SELECT x, y FROM a').all()).toEqual([{ x: 1, y: 7 }]);
    const copy = new SqliteDatabase(`${path}.v1`, { readonly: true });
    expect(copy.prepare('SELECT * FROM a').all()).toEqual([{ x: 1 }]);
    expect(copy.pragma('user_version', { simple: true })).toBe(1);
    copy.close();
    expect(statSync(`${path}.v1`).mode & 0o777).toBe(0o600);
    expect(existsSync(`${path}.v1.part`)).toBe(false);
  });

  it('takes a history from before silences with it, none of its scores being quiet', () => {
    const { path, db } = fresh();
    migrate(db, path, MIGRATIONS.slice(0, 1));
    db.exec(`INSERT INTO stream VALUES (1, 'motor');
      INSERT INTO score (stream, time_ms, score, level, anomalous) VALUES (1, 5, 0.5, 2, 0)`);
    db.close();
    const { store } = open(path);
    const score = { streamId: 'motor', timeMs: 5, score: 0.5, level: 2, anomalous: false };
    expect(store.scores('motor', 0, 9)).toEqual([score]);
    expect(store.decisions.list('silence')).toEqual([]);
    expect(existsSync(`${path}.v1`)).toBe(true);
  });

  it('changes nothing when a step fails', () => {
    const { path, db, version } = fresh();
    migrate(db, path, [first]);
    expect(() => migrate(db, path, [first, second, 'NONSENSE'])).toThrow('syntax error');
    expect(version()).toBe(1);
    expect(db.prepare('SELECT * FROM a').columns()).toHaveLength(1);
  });
});
