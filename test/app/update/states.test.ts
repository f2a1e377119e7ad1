import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import { recallNews, rememberNews, watchNews } from '../../../src/app/status/release-news.ts';
import { restoreMigrated, saveStates } from '../../../src/app/update/states.ts';
import { openStore } from '../../../src/io/store/sqlite-store.ts';
import { storeOptions } from '../../../src/io/store/store-options.ts';
import { alertOf } from '../../io/alerts.ts';
import { tempFolder } from '../../io/temp-folder.ts';

const NOW = Date.UTC(2026, 10, 26);

function stateWith(...alerts: readonly string[]): string {
  const folder = tempFolder();
  const store = openStore(join(folder, 'history.db'), storeOptions.parse({}), {
    onFault: (message) => {
      throw new Error(message);
    },
  });
  for (const id of alerts) store.addAlert(alertOf(id), ['mqtt']);
  store.close();
  mkdirSync(join(folder, 'models'));
  writeFileSync(join(folder, 'models', 'a.safetensors'), 'weights');
  return folder;
}

function alertsIn(folder: string): string[] {
  const store = openStore(join(folder, 'history.db'), storeOptions.parse({}), {
    onFault: () => undefined,
  });
  const { startMs } = alertOf('any');
  const ids = store.alerts('motor', startMs - 1, startMs + 1e9).map(({ id }) => id);
  store.close();
  return ids;
}

/** What a newer release does to a history. */
function migrate(folder: string): void {
  const db = new SqliteDatabase(join(folder, 'history.db'));
  db.pragma('user_version = 99');
  db.exec('ALTER TABLE alert RENAME TO alert_of_the_future');
  db.close();
}

describe('states before an update', () => {
  it('are copied, those that hold anything, and the newest two copies stay', async () => {
    const folder = stateWith('one');
    for (let day = 0; day < 3; day++) {
      await saveStates([folder, folder, tempFolder(), '/nowhere'], NOW + day * 86_400_000);
    }
    expect(readdirSync(join(folder, 'backups'))).toEqual([
      'before-update-20261127T000000Z.tar.gz',
      'before-update-20261128T000000Z.tar.gz',
    ]);
  });

  it('come back where the other release has migrated them, whose history stays beside', async () => {
    const folder = stateWith('one', 'two');
    const saved = await saveStates([folder], NOW);
    migrate(folder);
    expect(() => alertsIn(folder)).toThrow();
    const [former = ''] = restoreMigrated(saved, NOW);
    expect(alertsIn(folder)).toEqual(['one', 'two']);
    expect(readFileSync(join(folder, 'models/a.safetensors'), 'utf8')).toBe('weights');
    expect(existsSync(join(former, 'history.db'))).toBe(true);
  });

  it('are left alone where nothing was migrated', async () => {
    const folder = stateWith('one');
    const saved = await saveStates([folder], NOW);
    expect(restoreMigrated(saved, NOW)).toEqual([]);
  });
});

it.skipIf(process.getuid?.() !== 0)(
  'the folder of copies that root makes is the daemon’s, whose copies go there as well',
  async () => {
    const folder = stateWith('one');
    chownSync(folder, 65534, 65534);
    await saveStates([folder], NOW);
    expect(statSync(join(folder, 'backups')).uid).toBe(65534);
  },
);

describe('news of a release', () => {
  const found = (version: string, standing: 'newer' | 'same') => ({
    release: { version, releasedAt: '2026-11-26T12:00:00.000Z' } as never,
    standing,
  });

  it('are left for the daemon until it runs that release', () => {
    const state = tempFolder();
    rememberNews([state, '/nowhere'], found('1.2.0', 'newer'));
    expect(recallNews(state, '1.1.0')).toMatchObject({ version: '1.2.0' });
    expect(recallNews(state, '1.2.0')).toBeUndefined();
    rememberNews([state], found('1.2.0', 'same'));
    expect(recallNews(state, '1.1.0')).toBeUndefined();
  });

  it('come to a daemon that runs, and go when they are none any more', async () => {
    const state = tempFolder();
    const told: (string | undefined)[] = [];
    const watch = watchNews(state, '1.1.0', (news) => told.push(news?.version), 5);
    expect(watch.news()).toBeUndefined();
    rememberNews([state], found('1.2.0', 'newer'));
    await vi.waitUntil(() => told.length === 1, { timeout: 60_000 });
    expect(watch.news()).toMatchObject({ version: '1.2.0' });
    rememberNews([state], undefined);
    await vi.waitUntil(() => told.length === 2, { timeout: 60_000 });
    watch.close();
    expect(told).toEqual(['1.2.0', undefined]);
  });

  it('are written over no file that a link in the state leads to', () => {
    const state = tempFolder();
    const precious = join(tempFolder(), 'shadow');
    writeFileSync(precious, 'secret', { mode: 0o600 });
    for (const name of ['update.json', 'update.json.part'])
      symlinkSync(precious, join(state, name));
    rememberNews([state], found('1.2.0', 'newer'));
    expect(recallNews(state, '1.1.0')).toMatchObject({ version: '1.2.0' });
    expect(readFileSync(precious, 'utf8')).toBe('secret');
    expect(statSync(precious).mode & 0o777).toBe(0o600);
  });

  it('are none where somebody else has written', () => {
    const state = tempFolder();
    writeFileSync(join(state, 'update.json'), '{"version": 3}');
    expect(recallNews(state, '1.1.0')).toBeUndefined();
  });
});
