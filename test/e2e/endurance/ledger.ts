// What the history says was committed, against what arrived.
import { peek } from '../../io/store/open-store.ts';

export interface AlertState {
  readonly stream: string;
  /** Id, state and time. */
  readonly name: string;
}

export interface Comparison {
  readonly committed: number;
  readonly delivered: number;
  readonly duplicates: number;
  /** Committed, and never heard. */
  readonly lost: readonly string[];
  /** Heard, and not in the history. */
  readonly unknown: readonly string[];
  /** Heard for the first time after one that was committed later in the same stream. */
  readonly outOfOrder: readonly string[];
}

export function nameOf(id: string, state: string, timeMs: number): string {
  return `${id} ${state} ${timeMs}`;
}

/** In the order in which they were committed. */
export function committedIn(history: string): AlertState[] {
  const rows = peek<{ id: string; stream: string; state: string; time_ms: number }>(
    history,
    'SELECT id, stream, state, time_ms FROM alert ORDER BY sequence',
  );
  return rows.map(({ id, stream, state, time_ms }) => ({
    stream,
    name: nameOf(id, state, time_ms),
  }));
}

export function compare(
  committed: readonly AlertState[],
  heard: readonly AlertState[],
): Comparison {
  const place = new Map(committed.map(({ name }, index) => [name, index]));
  const first = new Map(heard.map((state) => [state.name, state] as const).reverse());
  const arrived = heard.filter((state, index) => first.get(state.name) === heard[index]);
  const newest = new Map<string, number>();
  const outOfOrder = arrived.filter(({ stream, name }) => {
    const index = place.get(name);
    if (index === undefined) return false; // reported as unknown
    const before = newest.get(stream) ?? -1;
    newest.set(stream, Math.max(before, index));
    return index < before;
  });
  return {
    committed: committed.length,
    delivered: arrived.length,
    duplicates: heard.length - arrived.length,
    lost: committed.filter(({ name }) => !first.has(name)).map(({ name }) => name),
    unknown: arrived.filter(({ name }) => !place.has(name)).map(({ name }) => name),
    outOfOrder: outOfOrder.map(({ name }) => name),
  };
}
