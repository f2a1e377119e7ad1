// How a process is asked to stop, and what ends it when it takes too long.
import { Worker } from 'node:worker_threads';
import type { Log } from '../log.ts';
import { exitCodes, Interrupted } from './exit-codes.ts';

interface StopRequest {
  /** Aborted by the first SIGINT or SIGTERM; its reason is an `Interrupted`. */
  readonly signal: AbortSignal;
  /** Gives the signals back to Node. */
  release(): void;
}

/** A second signal ends the process at once, flushed or not. */
export function listenForStop(): StopRequest {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    const interrupted = new Interrupted(name === 'SIGTERM' ? 'SIGTERM' : 'SIGINT');
    if (controller.signal.aborted) process.exit(interrupted.exitCode);
    controller.abort(interrupted);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}

/** Of the five seconds that a stop may take, ms. The parts of a daemon have less, so that this is for what has no limit. */
const STOP_MS = 4400;
/** Nearly all of them, because the thread that counts this has to start first, ms. */
const BLOCKED_MS = 4700;
/** What a process may take to end by itself when there is nothing left to do, ms. */
const LEAVE_MS = 500;

export interface StopLimit {
  /** The stop begins now, unless it has begun. */
  begin(): void;
  /** How many alert states are unsent, for the last line of a process that is ended by force. */
  count(unsent: () => number): void;
  /** Everything is done: the process has only to end by itself, which it does not while one of the `busy` keeps it alive. */
  done(busy?: readonly string[]): void;
}

/**
 * The stop begins when the signal aborts, at the latest. A process that is not done in time ends as one that was
 * interrupted, else with the exit code that is set. One whose thread is blocked, so that no timer of it comes, is killed.
 */
export function limitStop(signal: AbortSignal, log: Pick<Log, 'warn' | 'error'>): StopLimit {
  let timer: NodeJS.Timeout | undefined;
  let limitMs = Number.POSITIVE_INFINITY;
  let unsent: () => number = () => 0;
  const counted = (): number | undefined => {
    try {
      return unsent();
    } catch {
      return undefined; // the store is closed, or was never read
    }
  };
  const endIn = (ms: number, end: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(end, ms).unref();
  };
  const limit: StopLimit = {
    begin() {
      if (timer) return;
      killIfBlocked();
      limitMs = performance.now() + STOP_MS;
      endIn(STOP_MS, () => {
        log.error(
          { unsent: counted() },
          `ended by force: not stopped after ${STOP_MS} ms, still open: ${openHandles()}`,
        );
        const { reason } = signal;
        process.exit(reason instanceof Interrupted ? reason.exitCode : exitCodes.failed);
      });
    },
    count(how) {
      unsent = how;
    },
    done(busy = []) {
      const known = counted();
      // before the thread that ends a blocked process takes this one for such
      endIn(Math.min(LEAVE_MS, Math.max(0, limitMs - performance.now())), () => {
        const what = busy.length > 0 ? busy.join(', ') : `open handles (${openHandles()})`;
        log.warn({ unsent: known }, `stopped; ended by force, because of ${what}`);
        process.exit();
      });
    },
  };
  signal.addEventListener('abort', limit.begin, { once: true });
  return limit;
}

/** It writes by its own means, because `process.stderr` of a thread goes through the main one. */
const KILLER = `
const { pid, blockedMs, words } = require('node:worker_threads').workerData;
setTimeout(() => {
  require('node:fs').writeSync(2, words);
  process.kill(pid, 'SIGKILL');
}, blockedMs);`;

function killIfBlocked(): void {
  const words = `sentigon: ended by force: its thread was blocked for ${BLOCKED_MS} ms, e.g. by a plug-in; unsent alerts stay in the outbox\n`;
  const workerData = { pid: process.pid, blockedMs: BLOCKED_MS, words };
  const killer = new Worker(KILLER, { eval: true, workerData, execArgv: [] });
  killer.on('error', () => undefined); // without it a stop is as it was
  killer.unref();
}

/** E.g. `TCPSocketWrap, Timeout`: Node's own names of what keeps a process alive. */
function openHandles(): string {
  return [...new Set(process.getActiveResourcesInfo())].sort().join(', ');
}
