// The alert states in flight to a sink, in the order of sending.
import { SinkError } from '../../core/errors.ts';
import type { Sink } from '../../core/sink.ts';
import type { OutboxEntry } from '../../core/store.ts';

export interface InFlightSettings {
  /** A sink that has not acknowledged after this time has failed, ms. */
  readonly sendTimeoutMs: number;
  /** Cancels all entries in flight. */
  readonly halt: AbortSignal;
}

export interface Settled {
  /** Acknowledged, and no earlier state of the same alert is still to be sent. */
  readonly sent: readonly OutboxEntry[];
  /** The first that failed. All others that are not in `sent` have to be sent again. */
  readonly failed?: { readonly entry: OutboxEntry; readonly error: Error };
}

export interface InFlight {
  readonly size: number;
  has(sequence: number): boolean;
  send(entry: OutboxEntry): void;
  /** Waits for the oldest; after a failure for all, so that none is in flight when they are sent again. */
  settle(): Promise<Settled>;
}

interface Sending {
  readonly entry: OutboxEntry;
  readonly settled: Promise<void>;
  readonly giveUp: (error: Error) => void;
  state: 'under way' | 'sent' | Error;
}

export function createInFlight(sink: Sink, { sendTimeoutMs, halt }: InFlightSettings): InFlight {
  const sendings: Sending[] = [];
  halt.addEventListener('abort', () => {
    for (const { giveUp } of sendings)
      giveUp(new SinkError(`sink ${sink.id} was stopped`, { code: 'SEN_SNK_STOPPED' }));
  });
  return {
    get size() {
      return sendings.length;
    },
    has: (sequence) => sendings.some(({ entry }) => entry.sequence === sequence),
    send: (entry) => void sendings.push(startSending(sink, entry, sendTimeoutMs)),
    async settle() {
      await sendings[0]?.settled;
      if (sendings.every(({ state }) => !(state instanceof Error))) {
        const open = sendings.findIndex(({ state }) => state !== 'sent');
        const done = sendings.splice(0, open < 0 ? sendings.length : open);
        return { sent: done.map(({ entry }) => entry) };
      }
      await Promise.all(sendings.map(({ settled }) => settled));
      return settledOf(sendings.splice(0));
    },
  };
}

/** The states of an alert stay in order: a state that is sent after a failed one counts as not sent. */
function settledOf(sendings: readonly Sending[]): Settled {
  const held = new Set<string>();
  const sent: OutboxEntry[] = [];
  let failed: Settled['failed'];
  for (const { entry, state } of sendings) {
    if (state instanceof Error) failed ??= { entry, error: state };
    if (state === 'sent' && !held.has(entry.alert.id)) sent.push(entry);
    else held.add(entry.alert.id);
  }
  return { sent, ...(failed && { failed }) };
}

/** Fails when the sink fails, when it takes too long, and when it is cancelled. */
function startSending(sink: Sink, entry: OutboxEntry, sendTimeoutMs: number): Sending {
  let giveUp: (error: Error) => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  late.catch(() => undefined); // it has no reader when `send` throws instead of rejecting
  const timer = setTimeout(() => {
    giveUp(
      new SinkError(`sink ${sink.id} did not acknowledge within ${sendTimeoutMs} ms`, {
        code: 'SEN_SNK_SLOW',
      }),
    );
  }, sendTimeoutMs);
  const send = async (): Promise<void> => {
    try {
      await Promise.race([sink.send(entry.alert), late]);
      sending.state = 'sent';
    } catch (error) {
      sending.state = error instanceof Error ? error : new Error(String(error));
    } finally {
      clearTimeout(timer);
    }
  };
  const sending: Sending = { entry, giveUp, state: 'under way', settled: Promise.resolve() };
  return Object.assign(sending, { settled: send() });
}
