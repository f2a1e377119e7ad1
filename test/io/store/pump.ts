// The outbox pump over a store and sinks of a test's own.
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import { SinkError } from '../../../src/core/errors.ts';
import type { Sink } from '../../../src/core/sink.ts';
import type { Store } from '../../../src/core/store.ts';
import { type OutboxSettings, startOutbox } from '../../../src/io/store/outbox.ts';
import { openStore } from '../../../src/io/store/sqlite-store.ts';
import { tempFolder } from '../temp-folder.ts';

/** Longer than any test may take: what waits for it fails by the time-out. */
export const LONG_MS = 600_000;

export function newStore(path = join(tempFolder(), 'history.db')): Store {
  const store = openStore(path);
  onTestFinished(() => store.close());
  return store;
}

/** What the pump uses of a store, to be replaced in part. */
export function queueOf(store: Store): OutboxSettings['store'] {
  return {
    unsent: (sinkId, limit) => store.unsent(sinkId, limit),
    markSent: (entries) => store.markSent(entries),
    setAside: (entry, reason) => store.setAside(entry, reason),
    backlog: () => store.backlog(),
  };
}

/** A sink that takes what `accepts` lets through, and remembers it. */
export function fakeSink(
  id: string,
  accepts: (alert: Alert) => boolean | Promise<never> = () => true,
) {
  const taken: string[] = [];
  const sink: Sink = {
    id,
    async send(alert) {
      if (!(await accepts(alert))) throw new SinkError(`${id} is away`);
      taken.push(`${alert.id} ${alert.state}`);
    },
    close: () => Promise.resolve(),
  };
  return { sink, taken };
}

/** Waits briefly after a failure, and notes each. */
export function start(store: Store, sinks: readonly Sink[], changes: Partial<OutboxSettings> = {}) {
  const faults: string[] = [];
  const onFault = (sinkId: string, { message }: Error): void =>
    void faults.push(`${sinkId}: ${message}`);
  const pump = startOutbox({
    store,
    sinks,
    onFault,
    firstRetryMs: 10,
    longestRetryMs: 40,
    ...changes,
  });
  onTestFinished(() => pump.stop());
  const add = (alert: Alert): void => {
    store.addAlert(
      alert,
      sinks.map(({ id }) => id),
    );
    pump.wake();
  };
  return { pump, faults, add };
}
