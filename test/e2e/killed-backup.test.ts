import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeBackup } from '../../src/app/state/make-backup.ts';
import { HISTORY_FILE } from '../../src/app/state/state-files.ts';
import { alertOf } from '../io/alerts.ts';
import { endProcess } from '../io/leaver.ts';
import { open } from '../io/store/open-store.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { startThere } from './killed-restore.ts';
import { startSentigon } from './sentigon.ts';

function stateIn(folder: string): string {
  const state = join(folder, 'state');
  const { store } = open(join(state, HISTORY_FILE));
  store.addAlert(alertOf('a'), ['mqtt']);
  store.close();
  return state;
}

/** A backup that has copied the history and stands still there, because its tar does. */
async function standingBackup(state: string, file: string) {
  const programs = tempFolder();
  const pid = join(programs, 'pid');
  writeFileSync(
    join(programs, 'tar'),
    `#!/bin/sh\necho $$ > ${pid}.new; mv ${pid}.new ${pid}\nexec sleep 600\n`,
  );
  chmodSync(join(programs, 'tar'), 0o755);
  const backup = startSentigon(['backup', file, '--state', state], {
    env: { PATH: `${programs}:${process.env['PATH']}` },
  });
  await vi.waitUntil(() => existsSync(pid), { timeout: 60_000 });
  const tar = Number(readFileSync(pid, 'utf8'));
  onTestFinished(() => endProcess(tar));
  return backup;
}

describe('a backup that is killed (#18)', () => {
  it('leaves a copy that the next one takes away; one that is at work keeps its own', async () => {
    const folder = tempFolder();
    const state = stateIn(folder);
    const backup = await standingBackup(state, join(folder, 'first.tar.gz'));
    const copies = () => readdirSync(folder).filter((name) => name.startsWith('.sentigon-backup-'));
    expect(copies()).toHaveLength(1);
    await makeBackup(state, join(folder, 'second.tar.gz'), Date.now());
    expect(copies()).toHaveLength(1);
    backup.child.kill('SIGKILL');
    await vi.waitUntil(() => backup.child.signalCode !== null, { timeout: 60_000 });
    await makeBackup(state, join(folder, 'third.tar.gz'), Date.now());
    expect(readdirSync(folder).sort()).toEqual(['second.tar.gz', 'state', 'third.tar.gz']);
  });

  it('leaves none in a state folder once its daemon has started', async () => {
    const state = stateIn(tempFolder());
    const backups = join(state, 'backups');
    mkdirSync(backups);
    for (const file of [join(state, 'b.tar.gz'), join(backups, 'b.tar.gz')]) {
      const backup = await standingBackup(state, file);
      backup.child.kill('SIGKILL');
      await vi.waitUntil(() => backup.child.signalCode !== null, { timeout: 60_000 });
    }
    // what `ctl backup` leaves of a daemon that is killed meanwhile
    for (const end of ['', '-journal']) {
      writeFileSync(join(backups, `history-20260101T000000Z.db.part${end}`), 'half');
    }
    await startThere(state);
    expect(readdirSync(backups)).toEqual([]);
    expect(readdirSync(state).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
