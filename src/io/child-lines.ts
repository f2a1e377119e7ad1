// Another program's output by lines, and what can be said when it ends. No shell is involved.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { DeviceError, type KnownError, SourceError } from '../core/errors.ts';
import { type LineBatch, lineBatches } from './text-lines.ts';

/** A program and its arguments. */
export type Command = readonly string[];

export interface Child {
  /** Lines of standard output; ends with the program. Throws `SourceError` for output that is no text. */
  readonly lines: AsyncIterable<LineBatch>;
  /** Resolves once the program is gone. */
  readonly ended: Promise<Ending>;
  /** Asks the program and whatever it started to end, and makes them after half a second. Resolves when it is gone. */
  stop(): Promise<void>;
}

export interface Ending {
  /** Exit code; null when a signal ended it or it never ran. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Last line on standard error. */
  readonly lastWords: string;
  /** Why it never ran. */
  readonly failure?: NodeJS.ErrnoException;
}

/** Less than a daemon that stops waits for its streams. */
const GRACE_MS = 500;

/** Of standard error, enough for its last line. */
const KEPT_CHARACTERS = 4096;

/** Starts a program that is stopped when the signal aborts. */
export function startChild([program = '', ...args]: Command, signal: AbortSignal): Child {
  // a group of its own, so that the children of a script go with it
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const lastWords = lastLineOf(child.stderr);
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', (failure) =>
      resolve({ code: null, signal: null, lastWords: lastWords(), failure }),
    );
    child.once('close', (code, by) => resolve({ code, signal: by, lastWords: lastWords() }));
  });
  let gone = false;
  const stop = async (): Promise<void> => {
    if (gone) return; // its number may be another program's by now
    endGroup(child, 'SIGTERM');
    const force = setTimeout(() => endGroup(child, 'SIGKILL'), GRACE_MS);
    await ended;
    clearTimeout(force);
  };
  const abort = (): void => void stop();
  signal.addEventListener('abort', abort, { once: true });
  void ended.then(() => {
    gone = true;
    signal.removeEventListener('abort', abort);
  });
  if (signal.aborted) abort();
  return { lines: lineBatches(child.stdout, program), ended, stop };
}

function lastLineOf(stderr: Readable): () => string {
  let tail = '';
  stderr.setEncoding('utf8').on('data', (chunk: string) => {
    tail = (tail + chunk).slice(-KEPT_CHARACTERS);
  });
  return () => tail.trimEnd().split('\n').at(-1)?.trim() ?? '';
}

function endGroup(
  child: ChildProcessByStdio<null, Readable, Readable>,
  by: 'SIGTERM' | 'SIGKILL',
): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, by);
  } catch {
    // the whole group is gone already
  }
}

/** One line: what became of the program. `DeviceError` when there is no such program to run. */
export function endingError(
  where: string,
  command: Command,
  { code, signal, lastWords, failure }: Ending,
): KnownError {
  const shown = `${where}: '${command.join(' ')}'`;
  if (failure?.code === 'ENOENT') {
    return new DeviceError(`${where}: there is no program '${command[0]}': install or correct it`, {
      cause: failure,
    });
  }
  if (failure)
    return new SourceError(`${shown} cannot be run: ${failure.message}`, { cause: failure });
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  return new SourceError(`${shown} ${how}${lastWords === '' ? '' : `: ${lastWords}`}`);
}
