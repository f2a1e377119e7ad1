// The real program, in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { expect, onTestFinished, vi } from 'vitest';
import { PROGRAM } from './program.ts';

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
  stderr(): string;
  /** Waits until `text` stands on standard output. */
  until(text: string | RegExp, timeoutMs?: number): Promise<void>;
}

export interface Place {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it is spoken to on standard input. */
  readonly listens?: boolean;
  /** A program with arguments that starts what it is given; else Node is started as it is. */
  readonly through?: readonly string[];
}

export function startSentigon(
  args: readonly string[],
  { cwd, env = {}, listens = false, through = [] }: Place = {},
): Running {
  const [program = '', ...words] = [...through, process.execPath, PROGRAM, ...args];
  const child = spawn(program, words, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: [listens ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  });
  child.stdin?.on('error', () => undefined); // it may be killed while a test speaks to it
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
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
    stderr: () => stderr,
    until: (text, timeoutMs = 60_000) =>
      vi.waitFor(
        () => {
          const isThere = typeof text === 'string' ? stdout.includes(text) : text.test(stdout);
          expect(isThere, `no ${text} in: ${stdout}${stderr}`).toBe(true);
        },
        { timeout: timeoutMs, interval: 20 },
      ),
  };
}

export function sentigon(args: readonly string[], place: Place = {}): Promise<Ended> {
  return startSentigon(args, place).ended;
}
