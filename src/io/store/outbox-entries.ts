// The entries that one sink still has to get, and the outcomes that the store has not recorded yet.
import type { Alert } from '../../core/alert.ts';
import type { OutboxEntry, Store } from '../../core/store.ts';

export type OutboxStore = Pick<Store, 'unsent' | 'markSent' | 'setAside' | 'backlog'>;

export interface Entries {
  /** At most `most` entries that are not sent, not set aside and not `underWay`; entries that the store could not save come last. */
  read(
    most: number,
    underWay: { readonly size: number; has(sequence: number): boolean },
  ): OutboxEntry[];
  addUnsaved(alert: Alert): void;
  /** Whether it is unsaved and not sent yet. */
  holdsUnsaved(alert: Alert): boolean;
  forgetUnsaved(alert: Alert): void;
  sent(entries: readonly OutboxEntry[]): void;
  setAside(entry: OutboxEntry, reason: string): void;
  /** Outcomes that the store has not recorded yet. */
  readonly unrecorded: number;
  /** Lets the store record the outcomes, if it can. On a full disk an acknowledged alert is not sent again and again. */
  record(): void;
  /** Like `record`, but throws errors of the store. */
  recordOrThrow(): void;
  /** Number of entries to be sent, according to the store. */
  left(): number;
}

export function createEntries(sinkId: string, store: OutboxStore): Entries {
  const sent = new Set<number>();
  const aside = new Map<number, string>();
  /** Their sequence numbers are below 0. */
  let unsaved: OutboxEntry[] = [];
  let lastUnsaved = 0;
  /** Returns whether the entry is not in the store. */
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
        // the next outcome tries it again, and the queue reports it when all is sent
      }
    },
    recordOrThrow,
    left: () => (store.backlog().waiting[sinkId] ?? 0) + unsaved.length,
  };
}
