// One sink's part of the outbox pump.
import type { Alert } from '../../core/alert.ts';
import { SinkError } from '../../core/errors.ts';
import type { Sink } from '../../core/sink.ts';
import type { Store } from '../../core/store.ts';
import { createBackOff } from '../back-off.ts';
import { createBell } from './bell.ts';

export interface LaneSettings {
  readonly store: Pick<Store, 'unsent' | 'markSent'>;
  /** Told of every failed attempt; the pump goes on. */
  readonly onFault: (sinkId: string, error: Error) => void;
  readonly onSent?: (sinkId: string, alert: Alert) => void;
  /** First and longest wait after a failure, ms. */
  readonly firstRetryMs?: number;
  readonly longestRetryMs?: number;
  /** A sink that has not acknowledged after this time has failed, ms. */
  readonly sendTimeoutMs?: number;
}

/** Entries read at once; bounds memory, not order. */
const BATCH = 50;

export function startLane(sink: Sink, settings: LaneSettings) {
  const { store, onFault, firstRetryMs = 1000, longestRetryMs = 60_000 } = settings;
  const backOff = createBackOff(firstRetryMs, longestRetryMs);
  const bell = createBell();
  const halt = new AbortController();
  const unsaved: Alert[] = [];
  const idle: (() => void)[] = [];

  const marks = createMarks(store);

  /** Sends one batch; false when there was nothing to send. Throws when all is sent that the store does not forget. */
  const sendBatch = async (): Promise<boolean> => {
    let fault: unknown;
    let sent = 0;
    for (const { sequence, alert } of store.unsent(sink.id, BATCH + marks.pending.size)) {
      if (!marks.pending.has(sequence)) {
        await sendOne(sink, alert, settings, halt.signal);
        sent += 1;
      }
      fault = marks.mark(sequence) ?? fault;
    }
    const [alert] = unsaved;
    if (sent === 0 && alert) {
      await sendOne(sink, alert, settings, halt.signal);
      unsaved.shift();
      return true;
    }
    if (sent === 0 && fault) throw fault;
    return sent > 0;
  };
  /** Sends until nothing is left, then waits for the bell. */
  const sendAll = async (): Promise<void> => {
    while (await sendBatch()) backOff.reset();
    for (const resolve of idle.splice(0)) resolve();
    await bell.wait();
  };
  const running = (async () => {
    while (!halt.signal.aborted) {
      try {
        await sendAll();
      } catch (error) {
        if (halt.signal.aborted) return;
        onFault(sink.id, error as Error);
        await bell.wait(backOff.nextMs());
      }
    }
  })();
  return {
    wake: bell.ring,
    sendUnsaved(alert: Alert): void {
      unsaved.push(alert);
      bell.ring();
    },
    whenIdle: (): Promise<void> =>
      new Promise((resolve) => {
        idle.push(resolve);
        bell.ring();
      }),
    left: (): number => store.unsent(sink.id, Number.MAX_SAFE_INTEGER).length + unsaved.length,
    async stop(): Promise<void> {
      halt.abort();
      bell.ring();
      await running;
    },
  };
}

/** Marks alerts as sent; `pending` are those of which the store could not be told, e.g. because the disk is full. */
function createMarks(store: Pick<Store, 'markSent'>) {
  const pending = new Set<number>();
  return {
    pending,
    /** Returns what the store objected to; an alert that is acknowledged is not sent for ever because of it. */
    mark(sequence: number): unknown {
      try {
        store.markSent(sequence);
        pending.delete(sequence);
        return undefined;
      } catch (error) {
        pending.add(sequence);
        return error;
      }
    },
  };
}

/** Rejects when the sink does, when it takes too long, and when the pump halts. */
async function sendOne(
  sink: Sink,
  alert: Alert,
  { sendTimeoutMs = 30_000, onSent }: LaneSettings,
  halt: AbortSignal,
): Promise<void> {
  halt.throwIfAborted();
  let giveUp: (error: Error) => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const halted = (): void => giveUp(new SinkError(`sink ${sink.id} was stopped`));
  const timer = setTimeout(() => {
    giveUp(new SinkError(`sink ${sink.id} did not acknowledge within ${sendTimeoutMs} ms`));
  }, sendTimeoutMs);
  halt.addEventListener('abort', halted, { once: true });
  try {
    await Promise.race([sink.send(alert), late]);
  } finally {
    clearTimeout(timer);
    halt.removeEventListener('abort', halted);
  }
  onSent?.(sink.id, alert);
}
