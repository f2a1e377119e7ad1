// One sink's part of the outbox pump.
import type { Alert } from '../../core/alert.ts';
import type { Sink } from '../../core/sink.ts';
import type { OutboxEntry } from '../../core/store.ts';
import { createBackOff } from '../timing/back-off.ts';
import { createEntries, type OutboxStore } from './outbox-entries.ts';
import { createSender } from './outbox-sender.ts';
import { createWakeSignal } from './wake-signal.ts';

export interface SinkQueueSettings {
  readonly store: OutboxStore;
  /** Called for every failed attempt; the pump goes on. An error that is no `KnownError` is a bug. */
  readonly onFault: (sinkId: string, error: Error) => void;
  /** Called when a sink has acknowledged something. */
  readonly onSent?: (sinkId: string) => void;
  /** Called for an alert state that its sink can never send; `error` says why. One that was not saved is lost. */
  readonly onSetAside?: (entry: OutboxEntry, error: Error) => void;
  /** First and longest wait after a failure, ms. */
  readonly firstRetryMs?: number;
  readonly longestRetryMs?: number;
  /** A sink that has not acknowledged after this time has failed, ms. */
  readonly sendTimeoutMs?: number;
}

export function startSinkQueue(sink: Sink, settings: SinkQueueSettings) {
  const { store, onFault, firstRetryMs = 1000, longestRetryMs = 60_000 } = settings;
  const { sendTimeoutMs = 30_000, onSent, onSetAside = () => undefined } = settings;
  const backOff = createBackOff(firstRetryMs, longestRetryMs);
  const wakeSignal = createWakeSignal();
  const halt = new AbortController();
  const idle: (() => void)[] = [];
  const entries = createEntries(sink.id, store);
  const sendAll = createSender(sink, {
    ...{ entries, sendTimeoutMs, onSetAside, halt: halt.signal },
    onSent() {
      backOff.reset();
      onSent?.(sink.id);
    },
  });
  const running = (async () => {
    while (!halt.signal.aborted) {
      try {
        await sendAll();
        for (const resolve of idle.splice(0)) resolve();
        await wakeSignal.wait();
      } catch (error) {
        if (halt.signal.aborted) return;
        onFault(sink.id, error as Error);
        await wakeSignal.wait(backOff.nextMs());
      }
    }
  })();
  return {
    wake: wakeSignal.wake,
    sendUnsaved(alert: Alert): void {
      entries.addUnsaved(alert);
      wakeSignal.wake();
    },
    holdsUnsaved: entries.holdsUnsaved,
    forgetUnsaved: entries.forgetUnsaved,
    whenIdle: (): Promise<void> =>
      new Promise((resolve) => {
        idle.push(resolve);
        wakeSignal.wake();
      }),
    left: entries.left,
    async stop(): Promise<void> {
      halt.abort();
      wakeSignal.wake();
      await running;
      entries.record();
    },
  };
}
