// The daemon: broker, history and sinks around one task per stream.
import type { Alert } from '../core/alert.ts';
import type { ScoreReport } from '../core/sink.ts';
import { loadEngine } from '../models/load-engine.ts';
import { watchClock } from './clock-watch.ts';
import type { Config } from './config/schema.ts';
import { type Doors, openDoors } from './doors.ts';
import { localBroker } from './local-broker.ts';
import type { Log } from './log.ts';
import type { Notifier } from './notify.ts';
import { type Outlet, openOutlet } from './outlet.ts';
import { openStreams, reconfiguration } from './reconfiguration.ts';
import type { Apply } from './reload.ts';
import { createPulse, type Pulse } from './streams/pulse.ts';
import { createRoster, type Roster } from './streams/roster.ts';
import { startVitals } from './vitals.ts';

export interface Surroundings {
  readonly log: Log;
  readonly notifier?: Notifier;
  /** Told of every movement of a stream, for a watchdog. */
  readonly pulse?: Pulse;
  readonly onAlert?: (alert: Alert) => void;
  /** Has the configuration read again, for those who ask it of the running daemon. */
  readonly reload?: () => void;
  readonly onReport?: (report: ScoreReport) => void;
  /** Called when all streams run, with what takes over another configuration. */
  readonly onRunning?: (apply: Apply) => void;
}

export interface Outcome {
  /** Alert states that no sink has acknowledged yet; they stay in the outbox. */
  readonly unsent: number;
}

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
  const local = await localBroker(config, log);
  try {
    const broker = config.broker ?? local?.options;
    const streams = await openStreams(config.streams, config, broker, log);
    const kernels = await loadEngine(config.engine);
    const vitals = startVitals(config.vitals, log);
    const clock = watchClock(log);
    const { reload } = surroundings;
    const outlet = openOutlet(config, { streams, broker, log, vitals, reload });
    let doors: Doors | undefined;
    try {
      doors = await openDoors(config, { outlet, broker, log });
      const roster = createRoster({
        outlet,
        kernels,
        log,
        signal,
        clockIsSet: clock.isSet,
        pulse: surroundings.pulse ?? createPulse(),
        onAlert: surroundings.onAlert ?? (() => undefined),
        onReport: surroundings.onReport ?? (() => undefined),
      });
      await roster.exchange([], streams);
      notifier?.ready();
      surroundings.onRunning?.(
        reconfiguration(config, streams, { outlet, roster, log, local: local?.options }),
      );
      await untilOver(roster);
      return { unsent: await sendRest(outlet, signal) };
    } finally {
      notifier?.stopping();
      vitals.close();
      clock.close();
      await doors?.close();
      await outlet.close();
    }
  } finally {
    await local?.close();
  }
}

async function untilOver(roster: Roster): Promise<void> {
  try {
    await roster.over();
  } finally {
    await roster.close(); // after a bug in one stream the others stop too
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
