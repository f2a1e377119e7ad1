import { existsSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrate } from '../../../src/io/store/migrations.ts';
import { tempFolder } from '../temp-folder.ts';

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
    migrate(db, path, [first, second]);
    migrate(db, path, [first, second]);
    expect(version()).toBe(2);
    expect(db.prepare('SELECT x, y FROM a').all()).toEqual([{ x: 1, y: 7 }]);
    const copy = new SqliteDatabase(`${path}.v1`, { readonly: true });
    expect(copy.prepare('SELECT * FROM a').all()).toEqual([{ x: 1 }]);
    expect(copy.pragma('user_version', { simple: true })).toBe(1);
    copy.close();
  });

  it('changes nothing when a step fails', () => {
    const { path, db, version } = fresh();
    migrate(db, path, [first]);
    expect(() => migrate(db, path, [first, second, 'NONSENSE'])).toThrow('syntax error');
    expect(version()).toBe(1);
    expect(db.prepare('SELECT * FROM a').columns()).toHaveLength(1);
  });
});
