// sd_notify without a native module: Node has no datagram Unix sockets, so the program `systemd-notify` sends it.
import { spawn } from 'node:child_process';
import type { Environment } from '../config/environment.ts';
import type { Log } from '../log.ts';

export interface Notifier {
  /** After starting and after each reload. From here on the watchdog is fed for as long as streams move. */
  ready(): void;
  /** The configuration is about to be read again. */
  reloading(): void;
  stopping(): void;
}

/** Longest that one message may take: those behind it wait, ms. */
const PATIENCE_MS = 5000;

/** Share of the watchdog's period between notifications; systemd recommends half of it. */
const FEED_AT = 0.5;

/**
 * Does nothing when systemd does not listen. A failure is logged once and never fatal. While `stalled` names a stream
 * the watchdog gets nothing, so that systemd restarts the daemon.
 */
export function createNotifier(
  { notified, watchdogMs }: Environment,
  log: Log,
  stalled: () => string | undefined = () => undefined,
  patienceMs = PATIENCE_MS,
): Notifier {
  if (!notified) return { ready() {}, reloading() {}, stopping() {} };
  const send = createSpeaker(log, patienceMs);
  let feeding: NodeJS.Timeout | undefined;
  const feed = (): void => {
    const streamId = stalled();
    if (streamId === undefined) send('WATCHDOG=1');
    else log.error({ streamId }, 'stream is stalled: the watchdog is not notified');
  };
  return {
    ready() {
      send('READY=1', 'STATUS=watching');
      if (watchdogMs === undefined || feeding) return;
      feeding = setInterval(feed, watchdogMs * FEED_AT).unref();
    },
    reloading() {
      // hrtime is CLOCK_MONOTONIC, which is what systemd compares with
      const nowUs = process.hrtime.bigint() / 1000n;
      send('RELOADING=1', `MONOTONIC_USEC=${nowUs}`, 'STATUS=reading the configuration again');
    },
    stopping() {
      clearInterval(feeding);
      send('STOPPING=1');
    },
  };
}

/** One message after the other: two processes at once could arrive in either order. */
function createSpeaker(log: Log, patienceMs: number): (...states: readonly string[]) => void {
  let spoken = Promise.resolve();
  let complained = false;
  return (...states) => {
    spoken = spoken.then(async () => {
      const error = await speak(states, patienceMs);
      if (error && !complained) log.warn({ error: error.message }, 'systemd-notify cannot be run');
      complained ||= error !== undefined;
    });
  };
}

function speak(states: readonly string[], timeout: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const child = spawn('systemd-notify', [`--pid=${process.pid}`, ...states], {
      stdio: 'ignore',
      timeout,
      killSignal: 'SIGKILL',
    });
    child.unref();
    child.once('error', resolve).once('exit', (_code, signal) => {
      resolve(signal ? new Error(`it was ended by ${signal}, after ${timeout} ms`) : undefined);
    });
  });
}
