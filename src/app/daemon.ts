// The daemon: broker, history and sinks around one task per stream.
import type { Alert } from '../core/alert.ts';
import { KnownError } from '../core/errors.ts';
import type { ScoreReport } from '../core/sink.ts';
import { loadKernels } from '../engine/kernels/load.ts';
import { type EmbeddedBroker, startBroker } from '../io/broker/embedded.ts';
import { type BrokerOptions, brokerOptions } from '../io/mqtt-options.ts';
import { atMost } from './at-most.ts';
import type { Config } from './config/schema.ts';
import type { Log } from './log.ts';
import type { Notifier } from './notify.ts';
import { type Outlet, openOutlet } from './outlet.ts';
import { openStream, type Stream } from './streams/stream.ts';
import { prepare, type Watch, watch } from './streams/watch.ts';

export interface Surroundings {
  readonly log: Log;
  readonly notifier?: Notifier;
  readonly onAlert?: (alert: Alert) => void;
  readonly onReport?: (report: ScoreReport) => void;
}

export interface Outcome {
  /** Alert states that no sink has acknowledged yet; they stay in the outbox. */
  readonly unsent: number;
}

/** What streams that have been told to stop may take to do so; one that hangs must not cost the flush. */
const STOPPING_MS = 750;

/** How long a daemon whose recordings have ended goes on sending their alerts. */
const LAST_SENDS_MS = 5_000;
const SEND_STEP_MS = 200;

/**
 * Watches all streams until they end or the signal aborts, then flushes. Throws before anything runs when a part of
 * the configuration cannot work, and in the end the first `KnownError` of a stream; until then the others go on.
 */
export async function run(
  config: Config,
  signal: AbortSignal,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { log, notifier } = surroundings;
  const embedded = await startEmbedded(config, log);
  try {
    const broker = config.broker ?? embedded?.options;
    const streams = await Promise.all(
      config.streams.map((stream) => openStream(stream, config, broker, log)),
    );
    const kernels = await loadKernels(config.engine);
    const outlet = openOutlet(config, { streams, broker, log });
    try {
      notifier?.ready();
      await watchAll(streams, signal, {
        outlet,
        kernels,
        log,
        onAlert: surroundings.onAlert ?? (() => undefined),
        onReport: surroundings.onReport ?? (() => undefined),
      });
      return { unsent: await sendRest(outlet, signal) };
    } finally {
      notifier?.stopping();
      await outlet.close();
    }
  } finally {
    await embedded?.close();
  }
}

/** In short steps, so that a stop does not wait for a broker that is not there. */
async function sendRest(outlet: Outlet, signal: AbortSignal): Promise<number> {
  const endMs = performance.now() + LAST_SENDS_MS;
  let unsent = await outlet.drain(0);
  while (unsent > 0 && !signal.aborted && performance.now() < endMs) {
    unsent = await outlet.drain(SEND_STEP_MS);
  }
  return unsent;
}

async function startEmbedded(
  { broker, embedded }: Config,
  log: Log,
): Promise<(EmbeddedBroker & { readonly options: BrokerOptions }) | undefined> {
  if (broker || !embedded.enabled) return undefined;
  const started = await startBroker({ port: embedded.port });
  log.info({ url: started.url }, 'no broker configured: embedded one listens');
  return { ...started, options: brokerOptions.parse({ url: started.url }) };
}

async function watchAll(
  streams: readonly Stream[],
  signal: AbortSignal,
  context: Omit<Watch, 'signal'>,
): Promise<void> {
  const crash = new AbortController();
  const until = AbortSignal.any([signal, crash.signal]);
  const failures: KnownError[] = [];
  const stages = streams.map((stream) => stream.model && prepare(stream, stream.model, context));
  const tasks = streams.map(async (stream, index) => {
    try {
      await watch(stream, stages[index], { ...context, signal: until });
    } catch (error) {
      if (until.aborted && error === until.reason) return; // stopped while it learnt
      if (!(error instanceof KnownError)) throw error;
      // alone, it ends the daemon and is said then
      if (streams.length > 1) {
        context.log.error({ streamId: stream.id, code: error.code }, error.message);
      }
      failures.push(error);
    }
  });
  try {
    await Promise.race([Promise.all(tasks), stopped(until)]);
  } finally {
    crash.abort(); // after a bug in one stream the others stop too
    await atMost(STOPPING_MS, Promise.allSettled(tasks));
  }
  if (failures[0]) throw failures[0];
}

/** Resolves when the signal aborts. */
async function stopped(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
