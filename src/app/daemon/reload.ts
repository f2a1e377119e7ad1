// SIGHUP and `systemctl reload`: the configuration is read again while the daemon runs.
import { KnownError } from '../../core/errors.ts';
import type { BrokerOptions } from '../../io/mqtt/options.ts';
import type { Dispatcher } from '../alerts/dispatcher.ts';
import { openStream, type Stream } from '../compose/stream.ts';
import { changesBetween } from '../config/changes.ts';
import type { Config, StreamConfig } from '../config/schema.ts';
import type { Log } from '../log.ts';
import type { StreamTasks } from '../streams/stream-tasks.ts';
import type { Notifier } from './systemd-notify.ts';

interface Reloader {
  /** To be called when the daemon runs; a signal that came before is answered now. */
  attach(apply: Apply): void;
  /** As the signal does. */
  ask(): void;
  /** Gives the signal back to Node; what is under way ends without a word. */
  release(): void;
}

/** Takes over what can be changed while running; resolves with the options that need a restart. */
export type Apply = (next: Config) => Promise<readonly string[]>;

interface Reload {
  readonly read: () => Promise<Config>;
  readonly log: Log;
  readonly notifier: Notifier;
}

/** A configuration that cannot work is logged in one line, and the old one stays in use. */
export function listenForReload({ read, log, notifier }: Reload): Reloader {
  let apply: Apply | undefined;
  let asked = false;
  let busy = false;
  let released = false;
  /** Resolves with the log call to make. */
  const attempt = async (to: Apply): Promise<() => void> => {
    try {
      const waiting = await to(await read());
      return () => {
        log.info('configuration read again');
        if (waiting.length > 0) log.warn({ waiting }, 'these options take effect after a restart');
      };
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      const reason = error.message.replaceAll('\n', '; ');
      return () =>
        log.error(`the new configuration is not used, the old one stays in use: ${reason}`);
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

interface Running {
  readonly dispatcher: Dispatcher;
  readonly streamTasks: StreamTasks;
  readonly log: Log;
  /** The broker of configurations that name none. */
  readonly local: BrokerOptions | undefined;
}

/** Opens what is new before it ends what is old, so that a configuration that cannot work changes nothing. */
export function reconfiguration(
  config: Config,
  streams: readonly Stream[],
  { dispatcher, streamTasks, log, local }: Running,
): Apply {
  let running = config;
  let opened = streams;
  return async (next) => {
    const changes = changesBetween(running, next);
    const broker = changes.config.broker ?? local;
    const added = await openStreams(changes.start, changes.config, broker, log);
    const kept = opened.filter(({ id }) => !changes.stop.includes(id));
    const all = [...kept, ...added];
    const surroundings = { streams: all, broker, log };
    await streamTasks.exchange(changes.stop, added, async () => {
      if (changes.sinks) await dispatcher.useSinks(changes.config, surroundings);
    });
    if (!changes.sinks) dispatcher.useConfig(changes.config, surroundings);
    log.level = changes.config.log.level;
    opened = all;
    running = changes.config;
    return changes.waiting;
  };
}

/** Throws what sources and models throw; nothing runs yet then. */
export function openStreams(
  streams: readonly StreamConfig[],
  state: Pick<Config, 'state' | 'kinds'>,
  broker: BrokerOptions | undefined,
  log: Log,
): Promise<Stream[]> {
  return Promise.all(streams.map((stream) => openStream(stream, state, broker, log)));
}
