// sd_notify without a native module: Node has no datagram Unix sockets, so `systemd-notify` speaks for us.
import { spawn } from 'node:child_process';
import type { Environment } from './config/environment.ts';
import type { Log } from './log.ts';

export interface Notifier {
  ready(): void;
  /** To be called whenever the daemon has proved to be alive; passed on as often as systemd wants to hear it. */
  alive(): void;
  stopping(): void;
}

/** Share of the watchdog's period after which it is fed; systemd recommends half of it. */
const FEED_AT = 0.5;

/** Does nothing when systemd does not listen. A failure is said once and never fatal. */
export function createNotifier(environment: Environment, log: Log): Notifier {
  if (!environment.notified) return { ready() {}, alive() {}, stopping() {} };
  const feedMs = (environment.watchdogMs ?? Number.POSITIVE_INFINITY) * FEED_AT;
  let fedMs = Number.NEGATIVE_INFINITY;
  let complained = false;
  const send = (...states: readonly string[]): void => {
    const child = spawn('systemd-notify', [`--pid=${process.pid}`, ...states], { stdio: 'ignore' });
    child.unref();
    child.once('error', (error) => {
      if (!complained) log.warn({ error: error.message }, 'systemd-notify cannot be run');
      complained = true;
    });
  };
  return {
    ready: () => send('READY=1', 'STATUS=watching'),
    alive() {
      const nowMs = performance.now();
      if (nowMs - fedMs < feedMs) return;
      fedMs = nowMs;
      send('WATCHDOG=1');
    },
    stopping: () => send('STOPPING=1'),
  };
}
