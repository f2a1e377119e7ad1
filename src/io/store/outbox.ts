// The pump from the store to the sinks: in order per sink, until acknowledged, at least once. A sink that does not
// answer holds up no other.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert } from '../../core/alert.ts';
import type { Sink } from '../../core/sink.ts';
import { type SinkQueueSettings, startSinkQueue } from './outbox-sink-queue.ts';

export interface OutboxSettings extends SinkQueueSettings {
  readonly sinks: readonly Sink[];
}

export interface OutboxPump {
  /** To be called after `addAlert`, and when a sink can send again: ends idling and waits. */
  wake(): void;
  /**
   * Takes an alert the store could not save, for these sinks or for all. It is sent after the saved ones, and lost with the
   * process.
   */
  sendUnsaved(alert: Alert, sinkIds?: readonly string[]): void;
  /** Sinks that have not acknowledged such an alert. */
  sinksWithout(alert: Alert): readonly string[];
  /**
   * Has `save` put such an alert into the store after all, for the sinks that have not acknowledged it. They are sent it
   * from there; one that is being sent it just now may get it twice. Throws what `save` throws; nothing has changed then.
   */
  saveLate(alert: Alert, save: (sinkIds: readonly string[]) => void): void;
  /** Resolves when everything is sent or the time is over, with the number of alert states left. */
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
