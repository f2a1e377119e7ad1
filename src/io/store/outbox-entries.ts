// What one sink still has to be sent, and what became of it as far as the store does not know yet.
import type { Alert } from '../../core/alert.ts';
import type { OutboxEntry, Store } from '../../core/store.ts';

export type OutboxStore = Pick<Store, 'unsent' | 'markSent' | 'setAside' | 'backlog'>;

export interface Entries {
  /** At most `most` that are neither sent nor set aside nor `underWay`; those the store could not save come last. */
  read(
    most: number,
    underWay: { readonly size: number; has(sequence: number): boolean },
  ): OutboxEntry[];
  addUnsaved(alert: Alert): void;
  /** Whether it is one of those, and still to be sent. */
  holdsUnsaved(alert: Alert): boolean;
  forgetUnsaved(alert: Alert): void;
  sent(entries: readonly OutboxEntry[]): void;
  setAside(entry: OutboxEntry, reason: string): void;
  /** Outcomes that the store has not recorded yet. */
  readonly unrecorded: number;
  /** Has the store record the outcomes, if it can: an alert that is acknowledged is not sent for ever because of a full disk. */
  record(): void;
  /** As `record`, but throws what the store throws. */
  recordOrThrow(): void;
  /** How many are to be sent, as the store knows it. */
  left(): number;
}

export function createEntries(sinkId: string, store: OutboxStore): Entries {
  const sent = new Set<number>();
  const aside = new Map<number, string>();
  /** Their sequence numbers are below 0. */
  let unsaved: OutboxEntry[] = [];
  let lastUnsaved = 0;
  /** Whether the entry was one of those that the store does not know. */
  const forget = (sequence: number): boolean => {
    unsaved = unsaved.filter((entry) => entry.sequence !== sequence);
    return sequence < 0;
  };
  const recordOrThrow = (): void => {
    if (sent.size > 0) store.markSent([...sent].map((sequence) => ({ sequence, sinkId })));
    sent.clear();
    for (const [sequence, reason] of aside) {
      store.setAside({ sequence, sinkId }, reason);
      aside.delete(sequence);
    }
  };
  return {
    read(most, underWay) {
      const known = sent.size + aside.size + underWay.size;
      const saved = store
        .unsent(sinkId, most + known)
        .filter(({ sequence }) => !sent.has(sequence) && !aside.has(sequence));
      return [...saved, ...unsaved]
        .filter(({ sequence }) => !underWay.has(sequence))
        .slice(0, most);
    },
    addUnsaved(alert) {
      lastUnsaved -= 1;
      unsaved.push({ sequence: lastUnsaved, sinkId, alert });
    },
    holdsUnsaved: (alert) => unsaved.some((entry) => entry.alert === alert),
    forgetUnsaved(alert) {
      unsaved = unsaved.filter((entry) => entry.alert !== alert);
    },
    sent(entries) {
      for (const { sequence } of entries) if (!forget(sequence)) sent.add(sequence);
    },
    setAside({ sequence }, reason) {
      if (!forget(sequence)) aside.set(sequence, reason);
    },
    get unrecorded() {
      return sent.size + aside.size;
    },
    record() {
      try {
        recordOrThrow();
      } catch {
        // tried again with the next, and reported by the queue when nothing else is left
      }
    },
    recordOrThrow,
    left: () => (store.backlog().waiting[sinkId] ?? 0) + unsaved.length,
  };
}
