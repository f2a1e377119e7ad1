// The pump from the store to the sinks: in order for each sink, until acknowledged, at least once. A sink that does not
// answer delays no other.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert } from '../../core/alert.ts';
import type { Sink } from '../../core/sink.ts';
import type { OutboxEntry } from '../../core/store.ts';
import { createBackOff } from '../timing/back-off.ts';
import { createEntries, type OutboxStore } from './outbox-entries.ts';
import { createSender } from './outbox-sender.ts';

export interface OutboxSettings extends SinkQueueSettings {
  readonly sinks: readonly Sink[];
}

export interface OutboxPump {
  /** To be called after `addAlert`, and when a sink can send again: ends all waits. */
  wake(): void;
  /**
   * Queues an alert that the store could not save, for these sinks or for all. It is sent after the saved ones, and is lost
   * with the process.
   */
  sendUnsaved(alert: Alert, sinkIds?: readonly string[]): void;
  /** Sinks that have not acknowledged such an alert. */
  sinksWithout(alert: Alert): readonly string[];
  /**
   * Saves such an alert with `save`, for the sinks that have not acknowledged it. They get it from the store then; a sink to
   * which it is in flight may get it twice. Throws errors of `save`, without any change.
   */
  saveLate(alert: Alert, save: (sinkIds: readonly string[]) => void): void;
  /** Resolves when all is sent or the time is over, with the number of alert states left. */
  drain(timeoutMs: number): Promise<number>;
  /** Alert states that are not sent, counted for each sink. */
  left(): number;
  /** Stops at once; what is not acknowledged stays in the store. */
  stop(): Promise<void>;
}

export function startOutbox(settings: OutboxSettings): OutboxPump {
  const { sinks } = settings;
  const queues = sinks.map((sink) => startSinkQueue(sink, settings));
  const wake = (): void => {
    for (const queue of queues) queue.wake();
  };
  const sinksWithout = (alert: Alert): readonly string[] =>
    sinks.filter((_, index) => queues[index]?.holdsUnsaved(alert)).map(({ id }) => id);
  const left = (): number => queues.reduce((sum, queue) => sum + queue.left(), 0);
  return {
    wake,
    left,
    sendUnsaved(alert, sinkIds) {
      for (const [index, { id }] of sinks.entries()) {
        if (sinkIds?.includes(id) ?? true) queues[index]?.sendUnsaved(alert);
      }
    },
    sinksWithout,
    saveLate(alert, save) {
      save(sinksWithout(alert));
      for (const queue of queues) queue.forgetUnsaved(alert);
      wake();
    },
    async drain(timeoutMs) {
      wake();
      const late = new AbortController();
      const all = Promise.all(queues.map((queue) => queue.whenIdle()));
      await Promise.race([
        all,
        sleep(timeoutMs, undefined, { signal: late.signal }).catch(() => undefined),
      ]);
      late.abort();
      return left();
    },
    async stop() {
      await Promise.all(queues.map((queue) => queue.stop()));
    },
  };
}

interface SinkQueueSettings {
  readonly store: OutboxStore;
  /** Called for each failed attempt; the pump goes on. An error that is not a `KnownError` is a bug. */
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
  /** Wall clock, Unix milliseconds, which sinks hold alerts by; default: `Date.now`. */
  readonly now?: () => number;
}

function startSinkQueue(sink: Sink, settings: SinkQueueSettings) {
  const { store, onFault, firstRetryMs = 1000, longestRetryMs = 60_000 } = settings;
  const { sendTimeoutMs = 30_000, onSent, onSetAside = () => undefined } = settings;
  const { now = Date.now } = settings;
  const backOff = createBackOff(firstRetryMs, longestRetryMs);
  const wakeSignal = createWakeSignal();
  const halt = new AbortController();
  const idle: (() => void)[] = [];
  const entries = createEntries(sink.id, store);
  const sendAll = createSender(sink, {
    ...{ entries, sendTimeoutMs, now, onSetAside, halt: halt.signal },
    onSent() {
      backOff.reset();
      onSent?.(sink.id);
    },
  });
  const running = (async () => {
    while (!halt.signal.aborted) {
      try {
        const dueInMs = await sendAll();
        for (const resolve of idle.splice(0)) resolve();
        await wakeSignal.wait(dueInMs);
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

/** Wakes one waiter; a call without a waiter wakes the next one. */
interface WakeSignal {
  wake(): void;
  /** Resolves at the next call of `wake`, or after `atMostMs`. */
  wait(atMostMs?: number): Promise<void>;
}

function createWakeSignal(): WakeSignal {
  let rung = false;
  let waiting: (() => void) | undefined;
  return {
    wake: (): void => {
      rung = true;
      waiting?.();
    },
    wait: async (atMostMs?: number): Promise<void> => {
      let timer: NodeJS.Timeout | undefined;
      if (!rung) {
        await new Promise<void>((resolve) => {
          waiting = resolve;
          if (atMostMs !== undefined) timer = setTimeout(resolve, atMostMs);
        });
      }
      clearTimeout(timer);
      waiting = undefined;
      rung = false;
    },
  };
}
