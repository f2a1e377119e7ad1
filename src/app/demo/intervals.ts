import type { Segment } from '../../lab/series/segments.ts';

/** From the states of alerts to the intervals in which an operator knew of them. */
export interface Intervals {
  /** Times are Unix milliseconds; `endMs` is null while the alert lasts. */
  note(id: string, timeMs: number, endMs: number | null): void;
  /** [told of, closed), in the order of the first states. */
  all(): readonly Segment[];
}

export function createIntervals(): Intervals {
  const known = new Map<string, Segment>();
  return {
    note(id, timeMs, endMs) {
      const start = known.get(id)?.start ?? timeMs;
      known.set(id, { start, end: endMs ?? Number.POSITIVE_INFINITY });
    },
    all: () => [...known.values()],
  };
}
