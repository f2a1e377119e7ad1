// Another program's output, by lines or as a whole, and how the program ended. No shell is involved.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { SourceError } from '../../core/errors.ts';
import { doneWithin } from '../../core/race.ts';
import { inOneLine, type LineBatch, lineBatches } from '../text/lines.ts';
import {
  type Command,
  type Ending,
  endingError,
  LONGEST_OUTPUT,
  notStarted,
  tooLong,
  tooSlow,
} from './program-ending.ts';

type Spawned = ChildProcessByStdio<null, Readable, Readable>;

export interface Child {
  /** Lines of standard output; ends with the program. Throws `SourceError` for output that is not text. */
  readonly lines: AsyncIterable<LineBatch>;
  /** Whether the program itself runs, not the processes that it started. */
  readonly running: boolean;
  /** Resolves once the program has ended and its output was read, also when other processes keep its pipes open. */
  readonly ended: Promise<Ending>;
  /**
   * Sends SIGTERM to the program and the processes that it started, and SIGKILL after half a second. Resolves when they have
   * ended, at the latest after a second.
   */
  stop(): Promise<void>;
}

/** Shorter than the time that a stopping daemon waits for its streams. */
const GRACE_MS = 500;

/** The kept end of standard error: enough for its last line. */
const KEPT_CHARACTERS = 4096;

/**
 * Starts a program that is stopped when the signal aborts. Throws as `endingError` says where it cannot be
 * started at all. `where` is for messages.
 */
export function startChild(command: Command, where: string, signal: AbortSignal): Child {
  const [program = '', ...args] = command;
  let child: Spawned;
  try {
    // in its own process group, so that the children of a script are stopped with it
    child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  } catch (cause) {
    throw notStarted(where, command, cause as NodeJS.ErrnoException);
  }
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
    const lastLine = lastLineOf(child.stderr);
    const abort = (): void => void this.stop();
    const kill = (): void => void signalGroup(child, 'SIGKILL');
    this.ended = new Promise((resolve) => {
      this.#end = (failure) => {
        this.#gone = true;
        until.removeEventListener('abort', abort);
        process.off('exit', kill);
        this.#output.cut();
        child.stderr.destroy();
        const { exitCode, signalCode: signal } = child;
        const ending = { signal, lastLine: lastLine() };
        resolve(failure ? { code: null, ...ending, failure } : { code: exitCode, ...ending });
      };
    });
    child.once('error', this.#end).once('close', () => this.#end());
    void this.#leavePipes();
    until.addEventListener('abort', abort, { once: true });
    killAtExit(kill);
    if (until.aborted) abort();
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null && !this.#gone;
  }

  async stop(): Promise<void> {
    if (this.#gone) return; // another program may have its process id by now
    this.#stopping ??= this.#stop();
    await this.#stopping;
  }

  async #stop(): Promise<void> {
    signalGroup(this.#child, 'SIGTERM');
    await doneWithin(GRACE_MS, this.ended);
    if (this.#gone) return await endRest(this.#child);
    signalGroup(this.#child, 'SIGKILL');
    await doneWithin(GRACE_MS, this.#exited);
    this.#end();
    this.#child.unref(); // SIGKILL does not end a program that waits for a device
  }

  /** After the end of the program, does not wait for its children to close the pipes. */
  async #leavePipes(): Promise<void> {
    await this.#exited;
    await this.#output.drained();
    if (this.#gone || this.#stopping !== undefined) return;
    this.#end();
    // ends its children, whose output is no longer read; without children another group may soon get the id
    if (!signalGroup(this.#child, 'SIGTERM')) return;
    setTimeout(() => signalGroup(this.#child, 'SIGKILL'), GRACE_MS);
  }
}

/** A process that ends at once, e.g. with a second Ctrl-C, leaves no program behind. */
function killAtExit(kill: () => void): void {
  const others = process.listenerCount('exit');
  if (others >= process.getMaxListeners()) process.setMaxListeners(2 * others); // they are many, and no leak
  process.once('exit', kill);
}

function lastLineOf(stderr: Readable): () => string {
  let tail = '';
  stderr.setEncoding('utf8').on('data', (chunk: string) => {
    tail = (tail + chunk).slice(-KEPT_CHARACTERS);
  });
  return () => inOneLine(tail.trimEnd().split('\n').at(-1) ?? '').trim();
}

/** Right after the end of the program: ends those that it started and that ignore SIGTERM. */
async function endRest(child: Spawned): Promise<void> {
  for (let waitedMs = 0; signalGroup(child, ASK); waitedMs += LOOK_MS) {
    // the group still has a process, so that no other has its id
    if (waitedMs >= GRACE_MS) return void signalGroup(child, 'SIGKILL');
    await sleep(LOOK_MS);
  }
}

/** The signal that only asks whether there is a process. */
const ASK = 0;

/** Returns whether the group had a process. */
function signalGroup(child: Spawned, by: 'SIGTERM' | 'SIGKILL' | typeof ASK): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, by);
  } catch {
    return false; // the whole group is gone already
  }
}

export interface ChildRun {
  /** For messages, e.g. `source exec`. */
  readonly where: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Standard output of a program that ends by itself. Throws `SourceError` when it fails, prints too much, or does not end
 * within `timeoutMs` and is killed; `DeviceError` when there is no such program; and the signal's reason when that aborts.
 */
export async function outputOf(
  command: Command,
  { where, timeoutMs, signal }: ChildRun,
): Promise<string> {
  const child = startChild(command, where, signal);
  let late = false;
  const timer = setTimeout(() => {
    if (!child.running) return; // it has ended in time; its output is still being read
    late = true;
    void child.stop();
  }, timeoutMs);
  try {
    const output = await readAll(child, () => tooLong(where, command));
    const ending = await child.ended;
    signal.throwIfAborted();
    if (late) throw tooSlow(where, command, timeoutMs);
    if (ending.code !== 0) throw endingError(where, command, ending);
    return output;
  } finally {
    clearTimeout(timer);
  }
}

async function readAll(child: Child, tooMuch: () => SourceError): Promise<string> {
  let output = '';
  try {
    for await (const { lines } of child.lines) {
      output += `${lines.join('\n')}\n`;
      if (output.length > LONGEST_OUTPUT) throw tooMuch();
    }
    return output;
  } catch (error) {
    await child.stop();
    throw error;
  }
}

interface ChildPipe {
  /** The output; ends with the pipe, or after `cut` with what was read from the pipe before. */
  readonly text: Readable;
  /** To be called after the end of the program: resolves when all its output was read from the pipe. */
  drained(): Promise<void>;
  cut(): void;
}

/** Time between two checks. The kernel delivers the content of a pipe at once: without new bytes the pipe is empty. */
const LOOK_MS = 20;
/** Most checks of a pipe that other processes still write to. */
const MOST_LOOKS = 25;

function childPipe(pipe: Readable): ChildPipe {
  const text = new PassThrough();
  pipe.on('error', (error) => text.destroy(error));
  pipe.pipe(text);
  return {
    text,
    async drained() {
      const { bytesRead } = pipe as Socket; // on all supported systems
      let before = bytesRead;
      for (let looks = 0; looks < MOST_LOOKS && !pipe.closed && !text.destroyed; ) {
        await look();
        if (pipe.readableLength > 0 || text.writableNeedDrain) continue; // its reader is slower
        const { bytesRead: now } = pipe as Socket;
        if (now === before) return;
        before = now;
        looks++;
      }
    },
    cut() {
      pipe.destroy();
      text.end();
    },
  };
}

/** Gives the event loop a turn. Does not keep the daemon running. */
async function look(): Promise<void> {
  await sleep(LOOK_MS, undefined, { ref: false });
  await nextTurn();
}
