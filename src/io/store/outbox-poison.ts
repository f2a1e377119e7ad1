// Which alert states their sink can never send: those that fail by a bug, time and again, while others get through. A
// sink that fails at all of them is what is broken, and none of them is set aside for it.
import type { OutboxEntry } from '../../core/store.ts';

/** Failures before an entry is suspected; between them the queue waits longer each time. */
const ATTEMPTS = 3;

export interface PoisonDetector {
  /** How many entries have failed. */
  readonly size: number;
  /**
   * The entries in the order of sending: before a suspect goes one of another alert, a probe, to see whether that gets
   * through.
   */
  ordered(entries: readonly OutboxEntry[]): OutboxEntry[];
  passed(entries: readonly OutboxEntry[]): void;
  /** What a failure that was the entry's or the sink's own calls for: to wait, another probe, or to set it aside. */
  failed(entry: OutboxEntry): 'wait' | 'next' | 'set aside';
}

interface Failures {
  times: number;
  /** How many had got through before the first. */
  readonly passedBefore: number;
}

export function createPoisonDetector(): PoisonDetector {
  const failures = new Map<number, Failures>();
  let passed = 0;
  let probe: OutboxEntry | undefined;
  const isSuspect = ({ sequence }: OutboxEntry): boolean =>
    (failures.get(sequence)?.times ?? 0) >= ATTEMPTS;
  const isUndeliverable = (entry: OutboxEntry): boolean =>
    isSuspect(entry) && passed > (failures.get(entry.sequence)?.passedBefore ?? passed);
  return {
    get size() {
      return failures.size;
    },
    ordered(entries) {
      const [first] = entries;
      const isOpen = first && isSuspect(first) && !isUndeliverable(first);
      probe = isOpen ? probeIn(entries, isSuspect) : undefined;
      return probe ? [probe, ...entries.filter((entry) => entry !== probe)] : [...entries];
    },
    passed(entries) {
      passed += entries.length;
      if (entries.some(isSuspect)) failures.clear(); // it was the sink
      for (const { sequence } of entries) failures.delete(sequence);
    },
    failed(entry) {
      const known = failures.get(entry.sequence) ?? { times: 0, passedBefore: passed };
      const isProbe = entry.sequence === probe?.sequence;
      known.times = isProbe ? ATTEMPTS : known.times + 1;
      failures.set(entry.sequence, known);
      if (isProbe) return 'next';
      if (!isUndeliverable(entry)) return 'wait';
      failures.delete(entry.sequence);
      return 'set aside';
    },
  };
}

/** The first entry that is no suspect and the first of its alert. */
function probeIn(
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
