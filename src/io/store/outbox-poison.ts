// Finds alert states that their sink can never send: a bug makes them fail again and again, while others are sent. When all
// states fail, the sink is broken, and none is set aside.
import type { OutboxEntry } from '../../core/store.ts';

/** Failures before an entry is a suspect; the queue waits longer after each. */
const ATTEMPTS = 3;

export interface PoisonDetector {
  /** How many entries have failed. */
  readonly size: number;
  /**
   * The entries in the order of sending: before a suspect comes an entry of another alert, a probe, which shows whether the
   * sink works.
   */
  ordered(entries: readonly OutboxEntry[]): OutboxEntry[];
  passed(entries: readonly OutboxEntry[]): void;
  /** The reaction to a failure by a bug: wait, try another probe, or set the entry aside. */
  failed(entry: OutboxEntry): 'wait' | 'next' | 'set aside';
}

interface Failures {
  times: number;
  /** How many entries were sent before the first failure. */
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
      if (entries.some(isSuspect)) failures.clear(); // the sink had failed, not the entries
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

/** The first entry that is not a suspect and is the first of its alert. */
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
