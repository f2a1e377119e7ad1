// The daemon: broker, history and sinks around one task per stream.
import type { Alert } from '../../core/alert.ts';
import { doneWithin } from '../../core/race.ts';
import type { ScoreReport } from '../../core/sink.ts';
import { loadEngine } from '../../models/load-engine.ts';
import { type Dispatcher, openDispatcher } from '../alerts/dispatcher.ts';
import type { EndOfSending } from '../alerts/sending.ts';
import type { Config } from '../config/schema.ts';
import type { Log } from '../log.ts';
import { watchClock } from '../process/clock-watch.ts';
import type { StopLimit } from '../process/stop.ts';
import { startVitals } from '../process/vitals.ts';
import { prepareState } from '../state/state-folder.ts';
import { createPulse, type Pulse } from '../streams/pulse.ts';
import { closeRemoved } from '../streams/stream-failure.ts';
import { createStreamTasks, type StreamTasks } from '../streams/stream-tasks.ts';
import type { Beside, Watch } from '../streams/watch-context.ts';
import { type LocalBroker, localBroker } from './local-broker.ts';
import { type LocalServers, openLocalServers } from './local-servers.ts';
import type { Apply } from './reload.ts';
import { openStreams, reconfiguration } from './reload.ts';
import type { Notifier } from './systemd-notify.ts';

export interface Surroundings {
  readonly log: Log;
  readonly notifier?: Notifier;
  /** Notified of every sample of a stream, for a watchdog. */
  readonly pulse?: Pulse;
  readonly onAlert?: (alert: Alert) => void;
  /** Has the configuration read again, for those who ask it of the running daemon. */
  readonly reload?: () => void;
  readonly onReport?: (report: ScoreReport) => void;
  /** Put beside the stages of each stream. */
  readonly beside?: Beside;
  /** Called when all streams run, with what takes over another configuration. */
  readonly onRunning?: (apply: Apply) => void;
  /** What ends the process when the daemon does not end in time. */
  readonly limit?: Pick<StopLimit, 'begin' | 'count'>;
}

export interface Outcome {
  /** Alert states that wait in the outbox, counted for each sink that has not acknowledged them. */
  readonly unsent: number;
  /** Parts that did not end in their time and may keep the process alive. */
  readonly busy: readonly string[];
}

/** How long a daemon whose recordings have ended goes on sending their alerts. */
const LAST_SENDS_MS = 5_000;
const SEND_STEP_MS = 200;

/** What a part of the daemon may take to end, ms, where it has no time of its own. */
const PART_MS = 200;

/**
 * Watches all streams until they end or the signal aborts, then flushes, which takes less than five seconds in any
 * case. Throws before anything runs when a part of the configuration cannot work, and at the end the first
 * `KnownError` of a stream; until then the others go on. A live stream that fails is tried again for ever.
 */
export async function run(
  config: Config,
  signal: AbortSignal,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { log } = surroundings;
  prepareState(config.state, log);
  const local = await localBroker(config, log);
  let outcome: Outcome;
  let localEnded = true;
  try {
    outcome = await runWith(config, signal, surroundings, local);
  } finally {
    if (local) localEnded = await doneWithin(PART_MS, local.close());
  }
  return { ...outcome, busy: [...outcome.busy, ...(localEnded ? [] : ['embedded broker'])] };
}

async function runWith(
  config: Config,
  signal: AbortSignal,
  surroundings: Surroundings,
  local: LocalBroker | undefined,
): Promise<Outcome> {
  const { log, notifier, reload, limit } = surroundings;
  const broker = config.broker ?? local?.options;
  const streams = await openStreams(config.streams, config, broker, log);
  const kernels = await loadEngine(config.engine);
  const vitals = startVitals(config.vitals, log);
  const clock = watchClock(log);
  const dispatcher = openDispatcher(config, { streams, broker, log, vitals, reload });
  limit?.count(dispatcher.unsent);
  let localServers: LocalServers | undefined;
  let streamTasks: StreamTasks | undefined;
  let outcome: Outcome;
  try {
    localServers = await openLocalServers(config, { dispatcher, broker, log });
    const context: Watch = {
      ...{ dispatcher, kernels, log, signal },
      clockIsSet: clock.isSet,
      pulse: surroundings.pulse ?? createPulse(),
      ...(surroundings.beside && { beside: surroundings.beside }),
      onAlert: surroundings.onAlert ?? (() => undefined),
      onReport: surroundings.onReport ?? (() => undefined),
    };
    streamTasks = createStreamTasks(context);
    closeRemoved(new Set(streams.map(({ id }) => id)), context);
    await streamTasks.exchange([], streams);
    notifier?.ready();
    surroundings.onRunning?.(
      reconfiguration(config, streams, { dispatcher, streamTasks, log, local: local?.options }),
    );
    await untilOver(streamTasks);
    await sendRest(dispatcher, signal);
  } finally {
    notifier?.stopping();
    limit?.begin();
    vitals.close();
    clock.close();
    outcome = await end(localServers, dispatcher);
  }
  return {
    ...outcome,
    busy: [...streamTasks.running().map((id) => `stream ${id}`), ...outcome.busy],
  };
}

/** No part can keep another from its end. */
async function end(
  localServers: LocalServers | undefined,
  dispatcher: Dispatcher,
): Promise<Outcome> {
  const closing = localServers?.close() ?? Promise.resolve();
  let ended: EndOfSending;
  try {
    await doneWithin(PART_MS, closing);
  } finally {
    ended = await dispatcher.close();
  }
  const shut = await doneWithin(0, closing); // by now
  return {
    unsent: ended.unsent,
    busy: [
      ...(shut ? [] : ['web page, metrics or control socket']),
      ...ended.busy.map((id) => `sink ${id}`),
    ],
  };
}

async function untilOver(streamTasks: StreamTasks): Promise<void> {
  try {
    await streamTasks.over();
  } finally {
    await streamTasks.close(); // after a bug in one stream the others stop too
  }
}

/** In short steps, so that a stop does not wait for a broker that is not there. */
async function sendRest(dispatcher: Dispatcher, signal: AbortSignal): Promise<void> {
  const endMs = performance.now() + LAST_SENDS_MS;
  let unsent = await dispatcher.drain(0);
  while (unsent > 0 && !signal.aborted && performance.now() < endMs) {
    unsent = await dispatcher.drain(SEND_STEP_MS);
  }
}
