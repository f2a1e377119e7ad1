// The real program, in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** Resolved here, so that a child may run in any folder. */
const LOADER = import.meta.resolve('tsx');

export interface Ended {
  /** null when a signal killed it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout(): string;
  /** Waits until `text` stands on standard output. */
  until(text: string | RegExp): Promise<void>;
}

export interface Place {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function startSentigon(args: readonly string[], { cwd, env = {} }: Place = {}): Running {
  const child = spawn(process.execPath, ['--import', LOADER, MAIN, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    child,
    ended,
    stdout: () => stdout,
    until: (text) =>
      vi.waitFor(
        () => {
          if (!(typeof text === 'string' ? stdout.includes(text) : text.test(stdout))) {
            throw new Error(`no ${text} in: ${stdout}${stderr}`);
          }
        },
        { timeout: 20_000, interval: 20 },
      ),
  };
}

export function sentigon(args: readonly string[], place: Place = {}): Promise<Ended> {
  return startSentigon(args, place).ended;
}
