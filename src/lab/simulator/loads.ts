// Which datum is loaded next: first loads in the order of use, and what left its buffer while it was still needed.
import type { DataBuffer, Datum } from './task.ts';

/** A datum to be loaded just before the task that reads it next. */
export interface Load {
  readonly datum: number;
  readonly key: number;
}

export class LoadQueue {
  readonly #data: readonly Datum[];
  readonly #nextUse: (datum: number) => number;
  /** In order of use, and how many of them have begun. */
  readonly #first: Record<DataBuffer, { readonly data: readonly number[]; begun: number }>;
  readonly #gone = new Set<number>();

  constructor(data: readonly Datum[], nextUse: (datum: number) => number) {
    this.#data = data;
    this.#nextUse = nextUse;
    const firstOf = (buffer: DataBuffer) => ({
      data: [...data.entries()]
        .filter(([, one]) => one.inMemory && one.buffer === buffer && one.readers.length > 0)
        .map(([datum]) => ({ datum, key: nextUse(datum) }))
        .sort(inOrder)
        .map(({ datum }) => datum),
      begun: 0,
    });
    this.#first = { activation: firstOf('activation'), weight: firstOf('weight') };
  }

  /** The next load of each buffer, in order. `isAsked`: whether a task that could begin waits for a datum. */
  heads(isAsked: (datum: number) => boolean): readonly Load[] {
    const again = [...this.#gone].filter(isAsked);
    const headOf = (buffer: DataBuffer): readonly Load[] => {
      const { data, begun } = this.#first[buffer];
      return [...data.slice(begun, begun + 1), ...again]
        .filter((datum) => this.#data[datum]?.buffer === buffer)
        .map((datum) => ({ datum, key: this.#nextUse(datum) }))
        .sort(inOrder)
        .slice(0, 1);
    };
    return [...headOf('activation'), ...headOf('weight')].sort(inOrder);
  }

  begin(datum: number): void {
    const first = this.#first[(this.#data[datum] as Datum).buffer];
    if (first.data[first.begun] === datum) first.begun += 1;
    this.#gone.delete(datum);
  }

  /** It lies in main memory alone, and is loaded when it is asked for. */
  gone(datum: number): void {
    this.#gone.add(datum);
  }
}

function inOrder(a: Load, b: Load): number {
  return a.key - b.key || a.datum - b.datum;
}
