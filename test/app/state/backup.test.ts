import { execFileSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeBackup } from '../../../src/app/state/make-backup.ts';
import { restoreBackup } from '../../../src/app/state/restore-backup.ts';
import { HISTORY_FILE } from '../../../src/app/state/state-files.ts';
import { StoreError } from '../../../src/core/errors.ts';
import { alertOf } from '../../io/alerts.ts';
import { open, peek } from '../../io/store/open-store.ts';
import { tempFolder } from '../../io/temp-folder.ts';

const NOW_MS = Date.UTC(2026, 10, 24);
const plain = { force: false, nowMs: NOW_MS };

/** A state as a daemon leaves it, with one alert that waits; the store stays open. */
function stateWith(alertId: string) {
  const state = join(tempFolder(), 'state');
  const { store } = open(join(state, HISTORY_FILE));
  store.addAlert(alertOf(alertId), ['mqtt']);
  mkdirSync(join(state, 'models'));
  writeFileSync(join(state, 'models', 'host.safetensors'), `model of ${alertId}`);
  return { state, store };
}

function alertsIn(state: string): string[] {
  const rows = peek<{ id: string }>(join(state, HISTORY_FILE), 'SELECT id FROM alert');
  return rows.map(({ id }) => id);
}

describe('a backup', () => {
  it('is taken of a running daemon, and restores history, outbox and models elsewhere', async () => {
    const { state, store } = stateWith('a');
    const file = join(tempFolder(), 'backup.tar.gz');
    await makeBackup(state, file, NOW_MS);
    store.addAlert(alertOf('later'), ['mqtt']); // the daemon goes on
    const other = join(tempFolder(), 'deep', 'state');
    expect(restoreBackup(file, other, plain)).toEqual({ former: undefined });
    const restored = open(join(other, HISTORY_FILE)).store;
    expect(restored.unsent('mqtt', 9).map(({ alert }) => alert.id)).toEqual(['a']);
    expect(readFileSync(join(other, 'models', 'host.safetensors'), 'utf8')).toBe('model of a');
    expect(readdirSync(join(file, '..'))).toEqual(['backup.tar.gz']);
  });

  it('puts the state that was there aside, and only when told to', async () => {
    const first = stateWith('a');
    const file = join(tempFolder(), 'backup.tar.gz');
    await makeBackup(first.state, file, NOW_MS);
    const { state, store } = stateWith('b');
    store.close();
    expect(() => restoreBackup(file, state, plain)).toThrow(/already holds a state: add --force/);
    const { former = '' } = restoreBackup(file, state, { ...plain, force: true });
    expect(alertsIn(state)).toEqual(['a']);
    expect(alertsIn(former)).toEqual(['b']);
    expect(readFileSync(join(former, 'models', 'host.safetensors'), 'utf8')).toBe('model of b');
  });

  it.skipIf(process.getuid?.() !== 0)(
    'is given to the owner of the state when root restores it, and nothing that a link in it leads to',
    async () => {
      const { state } = stateWith('a');
      const precious = join(tempFolder(), 'shadow');
      writeFileSync(precious, 'secret');
      symlinkSync(precious, join(state, 'models', 'link.safetensors'));
      const file = join(tempFolder(), 'backup.tar.gz');
      await makeBackup(state, file, NOW_MS);
      const other = tempFolder();
      chownSync(other, 65534, 65534);
      restoreBackup(file, other, plain);
      expect(statSync(join(other, 'models', 'host.safetensors')).uid).toBe(65534);
      expect(lstatSync(join(other, 'models', 'link.safetensors')).isSymbolicLink()).toBe(true);
      expect(statSync(precious).uid).toBe(0);
    },
  );

  it('is written over no file that a link in its place leads to', async () => {
    const precious = join(tempFolder(), 'shadow');
    writeFileSync(precious, 'secret');
    const file = join(tempFolder(), 'backup.tar.gz');
    for (const path of [file, `${file}.part`]) symlinkSync(precious, path);
    await makeBackup(stateWith('a').state, file, NOW_MS);
    expect(readFileSync(precious, 'utf8')).toBe('secret');
    const other = join(tempFolder(), 'state');
    restoreBackup(file, other, plain);
    expect(alertsIn(other)).toEqual(['a']);
  });

  it('is not restored under a running daemon', async () => {
    const { state } = stateWith('a');
    const file = join(tempFolder(), 'backup.tar.gz');
    await makeBackup(state, file, NOW_MS);
    expect(() => restoreBackup(file, state, { ...plain, force: true })).toThrow(
      /is in use by another daemon/,
    );
    expect(alertsIn(state)).toEqual(['a']);
  });

  it('is refused when it is something else, and the state stays as it was', () => {
    const { state, store } = stateWith('a');
    store.close();
    const folder = tempFolder();
    const text = join(folder, 'text.tar.gz');
    writeFileSync(text, 'no archive');
    const foreign = join(folder, 'foreign.tar.gz');
    execFileSync('tar', ['-czf', foreign, '-C', folder, 'text.tar.gz']);
    const force = { ...plain, force: true };
    expect(() => restoreBackup(text, state, force)).toThrow(StoreError);
    expect(() => restoreBackup(foreign, state, force)).toThrow(/is not a backup/);
    expect(() => restoreBackup(join(folder, 'none'), state, force)).toThrow(/none does not exist/);
    expect(alertsIn(state)).toEqual(['a']);
    expect(readdirSync(state).some((name) => name.startsWith('incoming-'))).toBe(false);
  });

  it('says so when there is nothing to back up', async () => {
    const folder = tempFolder();
    const file = join(folder, 'backup.tar.gz');
    await expect(makeBackup(folder, file, NOW_MS)).rejects.toThrow(/holds no state/);
    expect(existsSync(file)).toBe(false);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'belongs to the owner of the state once restored',
    async () => {
      const file = join(tempFolder(), 'backup.tar.gz');
      await makeBackup(stateWith('a').state, file, NOW_MS);
      const state = join(tempFolder(), 'state');
      mkdirSync(state);
      execFileSync('chown', ['12345:12345', state]);
      restoreBackup(file, state, plain);
      for (const name of [HISTORY_FILE, 'models', 'models/host.safetensors']) {
        expect(statSync(join(state, name)).uid).toBe(12345);
      }
    },
  );
});
