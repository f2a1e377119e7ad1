// The states of the daemons that an update restarts: copied before, since a newer release migrates a history for good.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileStamp } from '../../io/store/files.ts';
import { historyVersion } from '../../io/store/offline.ts';
import { holdsState, makeBackup } from '../state/make-backup.ts';
import { restoreBackup } from '../state/restore-backup.ts';
import { BACKUPS, giveTo, HISTORY_FILE } from '../state/state-files.ts';

export interface SavedState {
  readonly folder: string;
  readonly file: string;
  /** Of the history; undefined where there is none. */
  readonly version: number | undefined;
}

const PREFIX = 'before-update-';
/** Copies to keep in each state folder. */
const KEPT = 2;

/** One for each folder that holds a state. Throws `StoreError`, and nothing was changed then. */
export async function saveStates(
  folders: readonly string[],
  nowMs: number,
): Promise<readonly SavedState[]> {
  const saved: SavedState[] = [];
  for (const folder of new Set(folders)) {
    if (!holdsState(folder)) continue;
    const backups = join(folder, BACKUPS);
    // the daemon's own copies go there, too
    if (mkdirSync(backups, { recursive: true })) giveTo(statSync(folder), backups);
    const file = join(backups, `${PREFIX}${fileStamp(nowMs)}.tar.gz`);
    await makeBackup(folder, file, nowMs);
    forgetOld(backups);
    saved.push({ folder, file, version: historyVersion(join(folder, HISTORY_FILE)) });
  }
  return saved;
}

/**
 * For the release that reads only what it wrote: puts back states that a newer one has migrated. What that one wrote stays
 * beside. Returns where. The daemons have to be stopped.
 */
export function restoreMigrated(saved: readonly SavedState[], nowMs: number): readonly string[] {
  return saved.flatMap(({ folder, file, version }) => {
    if (historyVersion(join(folder, HISTORY_FILE)) === version || !existsSync(file)) return [];
    return restoreBackup(file, folder, { force: true, nowMs }).former ?? [];
  });
}

function forgetOld(backups: string): void {
  const names = readdirSync(backups).filter((name) => name.startsWith(PREFIX));
  for (const name of names.sort().slice(0, -KEPT)) rmSync(join(backups, name));
}
