// Sends the entries of one sink: in order, with as many in flight as the sink allows.
import { SinkError } from '../../core/errors.ts';
import type { Sink } from '../../core/sink.ts';
import type { OutboxEntry } from '../../core/store.ts';
import type { Entries } from './outbox-entries.ts';
import { readReleased } from './outbox-holding.ts';
import { createInFlight, type InFlight } from './outbox-in-flight.ts';
import { createPoisonDetector, type PoisonDetector } from './outbox-poison.ts';

export interface SenderSettings {
  readonly entries: Entries;
  /** Cancels all entries in flight. */
  readonly halt: AbortSignal;
  readonly sendTimeoutMs: number;
  /** Wall clock, Unix milliseconds. */
  readonly now: () => number;
  /** Called when the sink has acknowledged something. */
  readonly onSent: () => void;
  /** Called for an alert state that the sink can never send. */
  readonly onSetAside: (entry: OutboxEntry, error: Error) => void;
}

/** Entries read at once; bounds memory. */
const BATCH = 100;
/** The clock may be set while alerts are held, ms. */
const LONGEST_HOLD_MS = 60_000;
/** Entries marked as sent together; after a crash as many may be sent twice. */
const MARKED_AT_ONCE = 16;

/**
 * Returns a function that sends until nothing is left, or the sink holds the rest: it resolves with the time until it
 * should look again, ms. It throws the first failure, unless it can go on without the entry, and, once all is sent, errors of
 * the store when it records that.
 */
export function createSender(
  sink: Sink,
  settings: SenderSettings,
): () => Promise<number | undefined> {
  const { entries, halt, sendTimeoutMs, now, onSent, onSetAside } = settings;
  const entriesInFlight = createInFlight(sink, { sendTimeoutMs, halt });
  const poison = createPoisonDetector();
  let dueInMs: number | undefined;
  const read = (): OutboxEntry[] => {
    if (halt.aborted) return [];
    const nowMs = now();
    const { ready, covered, nextMs } = readReleased(
      (most) => entries.read(most, entriesInFlight),
      BATCH + poison.size, // more than have failed, so that one is among them that has not
      sink.holding,
      nowMs,
    );
    dueInMs = nextMs === undefined ? undefined : Math.min(nextMs - nowMs, LONGEST_HOLD_MS);
    entries.sent(covered);
    return poison.ordered(ready);
  };
  const note = (sent: readonly OutboxEntry[]): void => {
    entries.sent(sent);
    poison.passed(sent);
    if (sent.length > 0) onSent();
    if (entriesInFlight.size === 0 || entries.unrecorded >= MARKED_AT_ONCE) entries.record();
  };
  const react = (entry: OutboxEntry, error: Error): void => {
    const due = halt.aborted ? 'wait' : dueAfter(error, entry, poison);
    if (due === 'wait') throw error;
    if (due === 'next') return;
    entries.setAside(entry, error.message);
    entries.record();
    onSetAside(entry, error);
  };
  return async () => {
    await sendAll(entriesInFlight, {
      inFlight: sink.inFlight ?? 1,
      ...{ read, note, react, halt },
    });
    entries.recordOrThrow();
    return dueInMs;
  };
}

/** A sink that is away is waited for; what it refuses for good, and what fails by a bug time and again, is set aside. */
function dueAfter(
  error: Error,
  entry: OutboxEntry,
  poison: PoisonDetector,
): ReturnType<PoisonDetector['failed']> {
  if (error instanceof SinkError) return error.final ? 'set aside' : 'wait';
  return poison.failed(entry);
}

interface Ways {
  /** Empty once the queue is halted. */
  readonly read: () => OutboxEntry[];
  readonly inFlight: number;
  readonly note: (sent: readonly OutboxEntry[]) => void;
  /** Throws when it cannot go on. */
  readonly react: (entry: OutboxEntry, error: Error) => void;
  readonly halt: AbortSignal;
}

async function sendAll(
  entriesInFlight: InFlight,
  { read, inFlight, note, react, halt }: Ways,
): Promise<void> {
  let ready = read();
  let width = 1; // the first one alone, as it may fail
  while (ready.length > 0 || entriesInFlight.size > 0) {
    for (const entry of ready.splice(0, width - entriesInFlight.size)) entriesInFlight.send(entry);
    const { sent, failed } = await entriesInFlight.settle();
    note(sent);
    if (failed) react(failed.entry, failed.error);
    // entries in flight behind a failure come before those that were read earlier
    if (failed || ready.length === 0 || halt.aborted) ready = read();
    width = failed ? 1 : inFlight;
  }
}
