// Another program's output by lines, and what can be said when it ends. No shell is involved.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { DeviceError, type KnownError, SourceError } from '../../core/errors.ts';
import { doneWithin } from '../../core/race.ts';
import { type LineBatch, lineBatches } from '../text/lines.ts';
import { type ChildPipe, childPipe } from './child-pipe.ts';

type Spawned = ChildProcessByStdio<null, Readable, Readable>;

/** A program and its arguments. */
export type Command = readonly string[];

export interface Child {
  /** Lines of standard output; ends with the program. Throws `SourceError` for output that is no text. */
  readonly lines: AsyncIterable<LineBatch>;
  /** Whether the program itself runs, whatever it has started. */
  readonly running: boolean;
  /** Resolves once the program is gone and what it printed was read, also when others keep its pipes open. */
  readonly ended: Promise<Ending>;
  /**
   * Asks the program and whatever it started to end, and makes them after half a second. Resolves when they are gone,
   * and in any case after a second: neither a program that nothing ends nor an open pipe is waited for.
   */
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
  return new StartedChild(child, program, signal);
}

class StartedChild implements Child {
  readonly lines: AsyncIterable<LineBatch>;
  readonly ended: Promise<Ending>;
  readonly #child: Spawned;
  readonly #output: ChildPipe;
  readonly #exited: Promise<void>;
  #stopping: Promise<void> | undefined;
  #end: (failure?: Error) => void = () => undefined;
  #gone = false;

  constructor(child: Spawned, program: string, until: AbortSignal) {
    this.#child = child;
    this.#output = childPipe(child.stdout);
    this.lines = lineBatches(this.#output.text, program);
    this.#exited = new Promise((resolve) => child.once('exit', () => resolve()));
    const lastWords = lastLineOf(child.stderr);
    const abort = (): void => void this.stop();
    this.ended = new Promise((resolve) => {
      this.#end = (failure) => {
        this.#gone = true;
        until.removeEventListener('abort', abort);
        this.#output.cut();
        child.stderr.destroy();
        const { exitCode, signalCode: signal } = child;
        const ending = { signal, lastWords: lastWords() };
        resolve(failure ? { code: null, ...ending, failure } : { code: exitCode, ...ending });
      };
    });
    child.once('error', this.#end).once('close', () => this.#end());
    void this.#leavePipes();
    until.addEventListener('abort', abort, { once: true });
    if (until.aborted) abort();
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null && !this.#gone;
  }

  async stop(): Promise<void> {
    if (this.#gone) return; // its number may be another program's by now
    this.#stopping ??= this.#stop();
    await this.#stopping;
  }

  async #stop(): Promise<void> {
    signalGroup(this.#child, 'SIGTERM');
    await doneWithin(GRACE_MS, this.ended);
    if (this.#gone) return;
    signalGroup(this.#child, 'SIGKILL');
    await doneWithin(GRACE_MS, this.#exited);
    this.#end();
    this.#child.unref(); // a program that a device holds does not die of SIGKILL
  }

  /** Does not wait for the pipes of a program that is gone to be closed by those that it has started. */
  async #leavePipes(): Promise<void> {
    await this.#exited;
    await this.#output.drained();
    if (this.#gone || this.#stopping !== undefined) return;
    this.#end();
    // what it left behind would print to nobody; if that is nothing, its number may soon be another group's
    if (!signalGroup(this.#child, 'SIGTERM')) return;
    setTimeout(() => signalGroup(this.#child, 'SIGKILL'), GRACE_MS);
  }
}

function lastLineOf(stderr: Readable): () => string {
  let tail = '';
  stderr.setEncoding('utf8').on('data', (chunk: string) => {
    tail = (tail + chunk).slice(-KEPT_CHARACTERS);
  });
  return () => tail.trimEnd().split('\n').at(-1)?.trim() ?? '';
}

/** Whether anything of the group was left. */
function signalGroup(child: Spawned, by: 'SIGTERM' | 'SIGKILL'): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, by);
  } catch {
    return false; // the whole group is gone already
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
