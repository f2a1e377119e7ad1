// The alert states that a sink was given and has not answered for, in the order in which it was given them.
import { SinkError } from '../../core/errors.ts';
import type { Sink } from '../../core/sink.ts';
import type { OutboxEntry } from '../../core/store.ts';

export interface InFlightSettings {
  /** A sink that has not acknowledged after this time has failed, ms. */
  readonly sendTimeoutMs: number;
  /** Gives up all that is under way. */
  readonly halt: AbortSignal;
}

export interface Settled {
  /** Acknowledged, and no earlier state of the same alert is still to be sent. */
  readonly sent: readonly OutboxEntry[];
  /** The first that failed. Whatever else is not in `sent` has to be sent again. */
  readonly failed?: { readonly entry: OutboxEntry; readonly error: Error };
}

export interface InFlight {
  readonly size: number;
  has(sequence: number): boolean;
  send(entry: OutboxEntry): void;
  /** Waits for the oldest; after a failure for all, so that nothing of them is under way when they are sent again. */
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
    for (const { giveUp } of sendings) giveUp(new SinkError(`sink ${sink.id} was stopped`));
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

/** An alert's states stay in order: one that is sent behind one that failed counts as not sent. */
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

/** It fails when the sink does, when it takes too long, and when it is given up. */
function startSending(sink: Sink, entry: OutboxEntry, sendTimeoutMs: number): Sending {
  let giveUp: (error: Error) => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  late.catch(() => undefined); // nobody waits for it where `send` throws instead of rejecting
  const timer = setTimeout(() => {
    giveUp(new SinkError(`sink ${sink.id} did not acknowledge within ${sendTimeoutMs} ms`));
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
