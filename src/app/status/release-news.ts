// The newest known release, which `sentigon update` leaves for the daemon to report: the daemon itself does not look for one.
import {
  closeSync,
  existsSync,
  fchmodSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openAnew } from '../state/state-files.ts';
import { versionOrder } from './version-order.ts';

const FILE = 'update.json';
const news = z.object({ version: z.string(), releasedAt: z.string() });

export type News = z.infer<typeof news>;

/** Leaves it in those of the folders that are there; `undefined`, or a release that is not newer, takes it away. */
export function rememberNews(
  states: readonly string[],
  found: { readonly release: News; readonly standing: string } | undefined,
): void {
  for (const folder of states) {
    if (!existsSync(folder)) continue;
    const path = join(folder, FILE);
    try {
      if (found?.standing !== 'newer') {
        rmSync(path, { force: true });
        continue;
      }
      const { version, releasedAt } = found.release;
      writeWhole(path, JSON.stringify({ version, releasedAt } satisfies News));
    } catch {
      // another user's state, or a full disk: the command has printed the release anyway
    }
  }
}

/** Whole or not at all. */
function writeWhole(path: string, text: string): void {
  const part = `${path}.part`;
  const file = openAnew(part);
  try {
    writeFileSync(file, text);
    fchmodSync(file, 0o644); // root writes it, the daemon's user reads it
  } finally {
    closeSync(file);
  }
  renameSync(part, path);
}

/** What was left there, unless this release is as new. */
export function recallNews(state: string, running: string): News | undefined {
  try {
    const found = news.parse(JSON.parse(readFileSync(join(state, FILE), 'utf8')));
    return versionOrder(found.version, running) > 0 ? found : undefined;
  } catch {
    return undefined; // none was left, or not by us
  }
}

export interface NewsWatch {
  news(): News | undefined;
  close(): void;
}

const LOOK_MS = 60_000;

/** `onNews` is called, but not at once, when there is other news than before. */
export function watchNews(
  state: string,
  running: string,
  onNews: (news: News | undefined) => void,
  everyMs = LOOK_MS,
): NewsWatch {
  let known = recallNews(state, running);
  const look = (): void => {
    const found = recallNews(state, running);
    if (found?.version === known?.version) return;
    known = found;
    onNews(found);
  };
  const timer = setInterval(look, everyMs).unref();
  return { news: () => known, close: () => clearInterval(timer) };
}
