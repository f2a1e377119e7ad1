// SIGHUP and `systemctl reload`: the configuration is read again while the daemon runs.
import { KnownError } from '../../core/errors.ts';
import type { Config } from '../config/schema.ts';
import type { Log } from '../log.ts';
import type { Notifier } from './systemd-notify.ts';

export interface Reloader {
  /** To be called when the daemon runs; a signal that came before is answered now. */
  attach(apply: Apply): void;
  /** As the signal does. */
  ask(): void;
  /** Gives the signal back to Node; what is under way ends without a word. */
  release(): void;
}

/** Takes over what can be changed while running; resolves with the options that need a restart. */
export type Apply = (next: Config) => Promise<readonly string[]>;

export interface Reload {
  readonly read: () => Promise<Config>;
  readonly log: Log;
  readonly notifier: Notifier;
}

/** A configuration that cannot work is told of in one line, and the old one goes on. */
export function listenForReload({ read, log, notifier }: Reload): Reloader {
  let apply: Apply | undefined;
  let asked = false;
  let busy = false;
  let released = false;
  /** Resolves with what is to be said of it. */
  const attempt = async (to: Apply): Promise<() => void> => {
    try {
      const waiting = await to(await read());
      return () => {
        log.info('configuration read again');
        if (waiting.length > 0) log.warn({ waiting }, 'these options count after a restart');
      };
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      const reason = error.message.replaceAll('\n', '; ');
      return () => log.error(`configuration not taken over, the old one goes on: ${reason}`);
    }
  };
  const takeOver = async (to: Apply): Promise<void> => {
    notifier.reloading();
    const say = await attempt(to);
    if (released) return; // the daemon has stopped meanwhile
    say();
    notifier.ready();
  };
  const answer = async (): Promise<void> => {
    if (busy || !apply) return;
    busy = true;
    try {
      while (asked) {
        asked = false;
        await takeOver(apply);
      }
    } finally {
      busy = false;
    }
  };
  const hangUp = (): void => {
    asked = true;
    void answer();
  };
  process.on('SIGHUP', hangUp);
  return {
    attach(to) {
      apply = to;
      void answer();
    },
    ask: hangUp,
    release() {
      released = true;
      process.off('SIGHUP', hangUp);
    },
  };
}
