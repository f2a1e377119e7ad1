// The machine that is profiled: its files, commands and clock. Tests give another one.
import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isMainThread } from 'node:worker_threads';

export interface ProfilerHost {
  /** Folder that contains `sys` and `proc`; `/` except in tests. */
  readonly root: string;
  /** Output of a command; undefined if it is missing or fails. */
  run(command: string, args: readonly string[]): Promise<string | undefined>;
  /** Calls `onLine` for each line that a command prints, until the returned function is called. */
  follow(command: string, args: readonly string[], onLine: (line: string) => void): () => void;
  /** Milliseconds since 1970, with fractions, that never go back. */
  nowMs(): number;
}

/** Time limit of a command, milliseconds. */
const PATIENCE_MS = 5000;

export const thisHost: ProfilerHost = {
  root: '/',
  run: (command, args) =>
    new Promise((resolve) => {
      execFile(command, args, { timeout: PATIENCE_MS, killSignal: 'SIGKILL' }, (error, stdout) =>
        resolve(error ? undefined : stdout.trim()),
      );
    }),
  follow(command, args, onLine) {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    // A command that does not start prints no lines; callers detect that.
    child.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', onLine);
    return () => {
      child.stdout.destroy(); // a child process of the command may keep it open
      child.kill();
    };
  },
  nowMs: () => performance.timeOrigin + performance.now(),
};

/** Trimmed text of a file below the root; undefined if it is missing or cannot be read. */
export function textOf({ root }: Pick<ProfilerHost, 'root'>, path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8').trim();
  } catch {
    return undefined; // not on this machine, or not for this user
  }
}

/** The number at the start of a file; undefined without one. */
export function numberOf(host: Pick<ProfilerHost, 'root'>, path: string): number | undefined {
  const value = Number.parseFloat(textOf(host, path) ?? '');
  return Number.isFinite(value) ? value : undefined;
}

/** Names in a folder below the root, hwmon2 before hwmon10; none if there is no folder. */
export function namesIn({ root }: Pick<ProfilerHost, 'root'>, path: string): readonly string[] {
  try {
    return readdirSync(join(root, path)).sort((a, b) =>
      a.localeCompare(b, 'en', { numeric: true }),
    );
  } catch {
    return []; // not on this machine
  }
}

/**
 * Pins the main thread of this process to one processor until the returned function is called; the garbage collector and the
 * compiler of V8 stay on the others. Undefined if pinning is impossible: in a worker, without `taskset` (util-linux), or if
 * the process may not run on that processor.
 */
export async function pinTo(
  processor: number,
  host: ProfilerHost,
): Promise<(() => Promise<void>) | undefined> {
  if (!isMainThread) return undefined;
  const thread = String(process.pid);
  const before = (await host.run('taskset', ['-cp', thread]))?.split(': ').at(-1);
  if (before === undefined) return undefined;
  const printed = await host.run('taskset', ['-cp', String(processor), thread]);
  if (printed === undefined) return undefined;
  return async () => {
    await host.run('taskset', ['-cp', before, thread]);
  };
}
