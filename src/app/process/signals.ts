// Ctrl-C and `systemctl stop`: the first signal asks to finish, the second does not.
import { Interrupted } from './exit-codes.ts';

export interface StopRequest {
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
