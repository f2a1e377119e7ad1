// Where alerts and scores leave the daemon: saved first, then sent until every sink has acknowledged.
import { join } from 'node:path';
import type { Alert } from '../core/alert.ts';
import { StoreError } from '../core/errors.ts';
import type { ScoreReport, Sink } from '../core/sink.ts';
import type { Store } from '../core/store.ts';
import { type OutboxPump, startOutbox } from '../io/store/outbox.ts';
import { openStore } from '../io/store/sqlite-store.ts';
import { atMost } from './at-most.ts';
import { composeSinks, type SinkSurroundings } from './compose.ts';
import type { Config } from './config/schema.ts';
import { createStorageAlerts } from './storage-alerts.ts';

export interface Outlet {
  /** On the disk when it returns; sent afterwards. An alert the disk refuses is sent all the same. */
  save(alert: Alert): void;
  report(report: ScoreReport): void;
  openAlerts(streamId: string): readonly Alert[];
  /** Whether this very state was saved before, e.g. by a replay that was cut short. */
  isSaved(alert: Alert): boolean;
  /** Resolves when everything is sent or the time is over, with the number of alert states left. */
  drain(timeoutMs: number): Promise<number>;
  /** Says goodbye to the sinks and sends through others from now on; goes back to them when those cannot be made. */
  useSinks(config: Config, surroundings: OutletSurroundings): Promise<void>;
  /** Writes everything, says goodbye to the sinks; within four seconds. */
  close(): Promise<void>;
}

/** What a stopping daemon may spend on sending what was saved a moment ago ... */
const LAST_SENDS_MS = 1000;
/** ... and on ending the sinks' connections. Together less than the five seconds a stop may take. */
const GOODBYE_MS = 3000;

export const HISTORY_FILE = 'history.db';

export type OutletSurroundings = Omit<SinkSurroundings, 'ready'>;

/** Throws `StoreError` when the history is in use or cannot be made. */
export function openOutlet(config: Config, surroundings: OutletSurroundings): Outlet {
  const { log } = surroundings;
  const storage = createStorageAlerts((alert) => save(alert));
  const store = openStore(join(config.state, HISTORY_FILE), config.store, {
    onFault(message) {
      log.error({ state: config.state }, message);
      storage.raise();
    },
  });
  const make = () => openSending(store, config, surroundings);
  let sending = make();
  let remake = make;
  const save = (alert: Alert): void => {
    try {
      store.addAlert(alert, sending.sinkIds);
      sending.pump.wake();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.error({ alertId: alert.id }, `alert is sent without being saved: ${error.message}`);
      sending.pump.sendUnsaved(alert);
    }
  };
  storage.begin();
  return {
    save,
    report(report) {
      store.addScore(report);
      for (const sink of sending.sinks) sink.report?.(report);
    },
    openAlerts: (streamId) => store.openAlerts(streamId),
    isSaved: ({ id, streamId, state, timeMs }) =>
      store
        .alerts(streamId, timeMs, timeMs)
        .some((saved) => saved.id === id && saved.state === state),
    drain: (timeoutMs) => sending.pump.drain(timeoutMs),
    async useSinks(nextConfig, nextSurroundings) {
      await endSending(sending);
      const next = () => openSending(store, nextConfig, nextSurroundings);
      try {
        sending = next();
        remake = next;
      } catch (error) {
        sending = remake();
        throw error;
      }
    },
    async close() {
      try {
        store.flush(); // first, because nothing that follows may cost data
      } finally {
        await endSending(sending);
        store.close();
      }
    },
  };
}

/** The sinks and the pump that feeds them. */
interface Sending {
  readonly sinks: readonly Sink[];
  readonly sinkIds: readonly string[];
  readonly pump: OutboxPump;
}

function openSending(store: Store, config: Config, surroundings: OutletSurroundings): Sending {
  const { log } = surroundings;
  let pump: OutboxPump | undefined;
  const sinks = composeSinks(config, { ...surroundings, ready: () => pump?.wake() });
  pump = startOutbox({
    store,
    sinks,
    onFault: (sinkId, { message }) => log.warn({ sinkId }, message),
  });
  return { sinks, sinkIds: sinks.map(({ id }) => id), pump };
}

async function endSending({ pump, sinks }: Sending): Promise<void> {
  await pump.drain(LAST_SENDS_MS);
  const ended = Promise.allSettled([pump.stop(), ...sinks.map((sink) => sink.close())]);
  await atMost(GOODBYE_MS, ended);
}
