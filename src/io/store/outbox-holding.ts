// Which entries of a sink wait for their hour, which are sent now, and which need not be sent any more.
import type { Alert } from '../../core/alert.ts';
import type { Holding } from '../../core/sink.ts';
import type { OutboxEntry } from '../../core/store.ts';

export interface Released {
  readonly ready: OutboxEntry[];
  /** Held entries that a later state of their alert makes needless. */
  readonly covered: OutboxEntry[];
  /** When the first of those that wait is due, Unix milliseconds; undefined = none waits. */
  readonly nextMs: number | undefined;
}

/** Reads more than `most` entries while all that were read wait: one behind them may be urgent. */
export function readReleased(
  read: (most: number) => readonly OutboxEntry[],
  most: number,
  holding: Holding | undefined,
  nowMs: number,
): Released {
  for (let limit = most; ; limit *= 2) {
    const entries = read(limit);
    if (!holding) return { ready: [...entries], covered: [], nextMs: undefined };
    const released = release(entries, holding, nowMs);
    if (released.ready.length > 0 || entries.length < limit) return released;
  }
}

/** The states of an alert stay in order: if a later one is sent now, an earlier one is sent before it, or covered by it. */
export function release(
  entries: readonly OutboxEntry[],
  holding: Holding,
  nowMs: number,
): Released {
  const ready: OutboxEntry[] = [];
  const covered: OutboxEntry[] = [];
  let nextMs: number | undefined;
  const sentLater = new Map<string, Alert>();
  for (const entry of entries.toReversed()) {
    const { alert } = entry;
    const dueMs = holding.dueMs(alert, nowMs);
    const later = sentLater.get(alert.id);
    if (!later && dueMs !== undefined && dueMs > nowMs) {
      nextMs = Math.min(dueMs, nextMs ?? dueMs);
    } else if (later && dueMs !== undefined && holding.covers(later, alert)) {
      covered.push(entry);
    } else {
      ready.push(entry);
      sentLater.set(alert.id, alert);
    }
  }
  return { ready: ready.reverse(), covered, nextMs };
}
