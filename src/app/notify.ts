// sd_notify without a native module: Node has no datagram Unix sockets, so `systemd-notify` speaks for us.
import { spawn } from 'node:child_process';
import type { Environment } from './config/environment.ts';
import type { Log } from './log.ts';

export interface Notifier {
  /** From here on the watchdog is fed for as long as the event loop turns. */
  ready(): void;
  stopping(): void;
}

/** Share of the watchdog's period after which it is fed; systemd recommends half of it. */
const FEED_AT = 0.5;

/** Does nothing when systemd does not listen. A failure is said once and never fatal. */
export function createNotifier({ notified, watchdogMs }: Environment, log: Log): Notifier {
  if (!notified) return { ready() {}, stopping() {} };
  let feeding: NodeJS.Timeout | undefined;
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
    ready() {
      send('READY=1', 'STATUS=watching');
      if (watchdogMs === undefined) return;
      feeding = setInterval(send, watchdogMs * FEED_AT, 'WATCHDOG=1').unref();
    },
    stopping() {
      clearInterval(feeding);
      send('STOPPING=1');
    },
  };
}
