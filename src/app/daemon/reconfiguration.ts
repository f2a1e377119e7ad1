// Another configuration for a daemon that runs: streams that stay as they are do not notice.
import type { BrokerOptions } from '../../io/mqtt/options.ts';
import type { Dispatcher } from '../alerts/dispatcher.ts';
import { openStream, type Stream } from '../compose/stream.ts';
import { changesBetween } from '../config/changes.ts';
import type { Config, StreamConfig } from '../config/schema.ts';
import type { Log } from '../log.ts';
import type { StreamTasks } from '../streams/stream-tasks.ts';
import type { Apply } from './reload.ts';

export interface Running {
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
