// The machine that is profiled, as far as profiling asks it: its files, its commands, its clock. Tests give another.
import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ProfilerHost {
  /** Where `sys` and `proc` are; `/` but for tests. */
  readonly root: string;
  /** What a command prints; undefined where it is missing or fails. */
  run(command: string, args: readonly string[]): Promise<string | undefined>;
  /** Calls `onLine` for each line that a command prints, until the function that is returned is called. */
  follow(command: string, args: readonly string[], onLine: (line: string) => void): () => void;
  /** Milliseconds since 1970, with fractions, that never go back. */
  nowMs(): number;
}

/** Longest that a command may take, milliseconds. */
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
    // A command that does not start prints nothing, which is what whoever waits for lines is told.
    child.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', onLine);
    return () => {
      child.stdout.destroy(); // what the command has started may keep it open
      child.kill();
    };
  },
  nowMs: () => performance.timeOrigin + performance.now(),
};

/** Trimmed text of a file below the root; undefined where it is not there or cannot be read. */
export function textOf({ root }: Pick<ProfilerHost, 'root'>, path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8').trim();
  } catch {
    return undefined; // not on this machine, or not for this user
  }
}

/** The number that a file begins with; undefined where there is none. */
export function numberOf(host: Pick<ProfilerHost, 'root'>, path: string): number | undefined {
  const value = Number.parseFloat(textOf(host, path) ?? '');
  return Number.isFinite(value) ? value : undefined;
}

/** Names in a folder below the root, hwmon2 before hwmon10; none where there is no folder. */
export function namesIn({ root }: Pick<ProfilerHost, 'root'>, path: string): readonly string[] {
  try {
    return readdirSync(join(root, path)).sort((a, b) =>
      a.localeCompare(b, 'en', { numeric: true }),
    );
  } catch {
    return []; // not on this machine
  }
}
