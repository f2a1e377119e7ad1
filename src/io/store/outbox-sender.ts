// Sends what one sink still has to be sent: in order, as many at once as the sink takes.
import { SinkError } from '../../core/errors.ts';
import type { Sink } from '../../core/sink.ts';
import type { OutboxEntry } from '../../core/store.ts';
import { createDoubts } from './outbox-doubts.ts';
import type { Entries } from './outbox-entries.ts';
import { createFlight, type Landing } from './outbox-flight.ts';

export interface SenderSettings {
  readonly entries: Entries;
  /** Gives up all that is under way. */
  readonly halt: AbortSignal;
  readonly sendTimeoutMs: number;
  /** Called when the sink has acknowledged something. */
  readonly onSent: () => void;
  /** Told of an alert state that the sink can never send. */
  readonly onSetAside: (entry: OutboxEntry, error: Error) => void;
}

/** Entries read at once; bounds memory, not order. */
const BATCH = 100;
/** Entries marked as sent at once; after a crash as many are sent twice. */
const MARKED_AT_ONCE = 16;

/**
 * Returns what sends until nothing is left. That throws the first failure, unless the entry is set aside for it, and
 * throws when all is sent that the store does not forget.
 */
export function createSender(sink: Sink, settings: SenderSettings): () => Promise<void> {
  const { entries, halt, sendTimeoutMs, onSent, onSetAside } = settings;
  const flight = createFlight(sink, { sendTimeoutMs, halt });
  const doubts = createDoubts();
  const { inFlight = 1 } = sink;
  /** Whether all of it was sent. */
  const settle = ({ sent, failed }: Landing): boolean => {
    entries.sent(sent);
    doubts.passed(sent);
    if (sent.length > 0) onSent();
    if (flight.size === 0 || entries.untold >= MARKED_AT_ONCE) entries.tell();
    if (!failed) return true;
    const { entry, error } = failed;
    if (halt.aborted || error instanceof SinkError || !doubts.failed(entry)) throw error;
    entries.setAside(entry, error.message);
    entries.tell();
    onSetAside(entry, error);
    return false;
  };
  return async () => {
    let ready = doubts.ordered(entries.read(BATCH, flight));
    let width = 1; // the first one alone: it finds out whether there is a way at all
    while (ready.length > 0 || flight.size > 0) {
      for (const entry of ready.splice(0, width - flight.size)) flight.launch(entry);
      const isSent = settle(await flight.land());
      // what was under way behind a failure comes before what was read earlier
      if (!isSent || ready.length === 0) ready = entries.read(BATCH, flight);
      width = inFlight;
    }
    entries.tellOrThrow();
  };
}
