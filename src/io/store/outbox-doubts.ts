// Which alert states their sink can never send: those that fail by a bug, time and again, while others get through. A
// sink that fails at all of them is what is broken, and none of them is set aside for it.
import type { OutboxEntry } from '../../core/store.ts';

/** Failures before an entry is suspected; between them the lane waits longer each time. */
const ATTEMPTS = 3;

export interface Doubts {
  /** The entries in the order of sending: before a suspect goes one of another alert, to see whether that gets through. */
  ordered(entries: readonly OutboxEntry[]): OutboxEntry[];
  passed(entries: readonly OutboxEntry[]): void;
  /** Notes a failure that was the entry's or the sink's own; answers whether it is the entry's. */
  failed(entry: OutboxEntry): boolean;
}

export function createDoubts(): Doubts {
  const failures = new Map<number, { times: number; readonly passedBefore: number }>();
  let passed = 0;
  const isSuspect = ({ sequence }: OutboxEntry): boolean =>
    (failures.get(sequence)?.times ?? 0) >= ATTEMPTS;
  return {
    ordered(entries) {
      const [first] = entries;
      const other = first && isSuspect(first) ? witnessIn(entries, isSuspect) : undefined;
      return other ? [other, ...entries.filter((entry) => entry !== other)] : [...entries];
    },
    passed(entries) {
      passed += entries.length;
      if (entries.some(isSuspect)) failures.clear(); // it was the sink
      for (const { sequence } of entries) failures.delete(sequence);
    },
    failed(entry) {
      const known = failures.get(entry.sequence) ?? { times: 0, passedBefore: passed };
      known.times += 1;
      failures.set(entry.sequence, known);
      const isIts = isSuspect(entry) && passed > known.passedBefore;
      if (isIts) failures.delete(entry.sequence);
      return isIts;
    },
  };
}

/** The first entry that is no suspect and the first of its alert. */
function witnessIn(
  entries: readonly OutboxEntry[],
  isSuspect: (entry: OutboxEntry) => boolean,
): OutboxEntry | undefined {
  const before = new Set<string>();
  return entries.find((entry) => {
    if (!isSuspect(entry) && !before.has(entry.alert.id)) return true;
    before.add(entry.alert.id);
    return false;
  });
}
