// What differs between the configuration that runs and the next one, and what of it can be had without a restart.
import { isDeepStrictEqual } from 'node:util';
import type { Config, StreamConfig } from './schema.ts';

export interface Changes {
  /** Ids of streams that are gone or have changed. */
  readonly stop: readonly string[];
  /** Streams that are new or have changed. */
  readonly start: Config['streams'];
  /** Sinks have to be made anew: they, their broker or the streams they report on have changed. */
  readonly sinks: boolean;
  /** Options that have changed and wait for a restart. */
  readonly waiting: readonly string[];
  /** The next configuration, with the old value of what waits. */
  readonly config: Config;
}

/** Decided when the daemon starts: its folder, its name, its kernels, its own broker, what it serves. */
const UNTIL_RESTART = [
  'node',
  'state',
  'engine',
  'embedded',
  'store',
  'vitals',
  'metrics',
  'web',
] as const;

export function changesBetween(running: Config, next: Config): Changes {
  const waiting: string[] = UNTIL_RESTART.filter(
    (key) => !isDeepStrictEqual(running[key], next[key]),
  );
  waiting.push(...rewrittenPlugins(running, next));
  const kept = Object.fromEntries(UNTIL_RESTART.map((key) => [key, running[key]]));
  let config: Config = { ...next, ...kept };
  if ((running.broker === undefined) !== (next.broker === undefined)) {
    waiting.push('broker'); // the embedded one would have to come or go
    config = withBroker(config, running.broker);
  }
  const newBroker = !isDeepStrictEqual(running.broker, config.broker);
  if (newBroker && config.web?.fleet) waiting.push('web.fleet'); // it goes on with the broker of before
  const before = new Map(running.streams.map((stream) => [stream.id, stream]));
  const start = config.streams.filter((stream) => {
    const rebroker = newBroker && stream.source.kind === 'mqtt';
    return rebroker || !isSameWork(before.get(stream.id), stream);
  });
  const untouched = config.streams.filter((stream) => !start.includes(stream)).map(({ id }) => id);
  const stop = [...before.keys()].filter((id) => !untouched.includes(id));
  const sinks =
    newBroker || !isDeepStrictEqual(running.sinks, config.sinks) || start.length + stop.length > 0;
  return { stop, start, sinks, waiting, config };
}

/** But for the share of false alarms, which a running stream follows: it changes when any other comes or goes. */
function isSameWork(running: StreamConfig | undefined, next: StreamConfig): boolean {
  const work = (stream: StreamConfig) => ({ ...stream, alerts: { ...stream.alerts, ...NO_RATE } });
  return running !== undefined && isDeepStrictEqual(work(running), work(next));
}

const NO_RATE = { falseAlarmsPerDay: 0 };

/** Plug-ins that run and whose files have changed: a module is loaded once. */
function rewrittenPlugins(running: Config, next: Config): string[] {
  const stamps = new Map(running.kinds.plugins.map(({ url, stamp }) => [url, stamp]));
  return next.kinds.plugins
    .filter(({ url, stamp }) => stamps.has(url) && stamps.get(url) !== stamp)
    .map(({ named }) => `plugins ${named}`);
}

function withBroker({ broker: _, ...config }: Config, broker: Config['broker']): Config {
  return broker ? { ...config, broker } : config;
}
