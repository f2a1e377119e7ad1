// A process that leaves the process group of the program that started it, and keeps that program's pipes open.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { tempFolder } from './temp-folder.ts';

export interface Leaver {
  /**
   * Shell command without quotes. It returns only when the process has left the group, so what then stops the group
   * never stops that process.
   */
  readonly command: string;
  /** Process ids of all that have left, one for each run of the command. */
  pids(): string[];
}

/** What leaves writes its id itself, afterwards; the shell would know it before. Ends with the test, too. */
const SCRIPT = `setsid sh -c 'echo $$ >> "$0"; exec sleep 600' "$1" &
until grep -qx $! "$1" 2>/dev/null; do [ -e "$0" ] || exit 1; sleep 0.01; done
`;

/** Whatever leaves is killed when the test ends. */
export function groupLeaver(): Leaver {
  const folder = tempFolder();
  const [script, file] = [join(folder, 'leave.sh'), join(folder, 'pids')];
  writeFileSync(script, SCRIPT);
  const pids = (): string[] => pidsIn(file);
  onTestFinished(() => pids().forEach(endProcess));
  return { command: `sh ${script} ${file}`, pids };
}

/** One a line; none while there is no such file. */
export function pidsIn(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean) : [];
}

/** Kills a process, unless it has ended already. */
export function endProcess(pid: string | number): void {
  const id = Number(pid);
  if (!(id > 0)) throw new RangeError(`'${pid}' is no process`); // 0 is the whole group of the test
  try {
    process.kill(id, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
