import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { snapshot } from '../../../src/io/store/offline.ts';
import { alertOf } from '../alerts.ts';
import { tempFolder } from '../temp-folder.ts';
import { open } from './open-store.ts';

it('a history, what SQLite puts beside it, and copies of it are for their owner alone (#18)', async () => {
  const folder = tempFolder();
  const path = join(folder, 'history.db');
  writeFileSync(path, ''); // open to all, as an earlier release left it
  chmodSync(path, 0o644);
  const { store } = open(path);
  store.addAlert(alertOf('a'), ['mqtt']);
  await snapshot(path, join(folder, 'snapshot.db'));
  await store.backup(folder);
  const modes = readdirSync(folder).map((name) => [
    name.replace(/\d{8}T\d{6}Z/, 'time'),
    (statSync(join(folder, name)).mode & 0o777).toString(8),
  ]);
  const names = ['history.db', 'history.db-shm', 'history.db-wal', 'history.db.lock'];
  const copies = ['snapshot.db', 'history-time.db'];
  expect(Object.fromEntries(modes)).toEqual(
    Object.fromEntries([...names, ...copies].map((name) => [name, '600'])),
  );
});

it('a history in a place where nothing can be made is a fault, and no endless search for its folder (#18)', () => {
  expect(() => open('/proc/sentigon/state/history.db')).toThrow('choose another state folder');
});
