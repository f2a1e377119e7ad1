// Events by their moment, as a binary heap. Hot: numbers in arrays, no object for an event.

export class EventQueue {
  readonly #moments: number[] = [];
  readonly #kinds: number[] = [];
  readonly #items: number[] = [];
  readonly #counts: number[] = [];

  get size(): number {
    return this.#moments.length;
  }

  /** Moment of the next event; infinite if there is none. */
  get next(): number {
    return this.#moments[0] ?? Number.POSITIVE_INFINITY;
  }

  add(moment: number, kind: number, item: number, count: number): void {
    let at = this.#moments.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if ((this.#moments[above] as number) <= moment) break;
      this.#copy(above, at);
      at = above;
    }
    this.#set(at, moment, kind, item, count);
  }

  /** Removes the next event. `visit` may add events. */
  take(visit: (kind: number, item: number, count: number) => void): void {
    const [kind, item, count] = [this.#kinds[0], this.#items[0], this.#counts[0]];
    const moment = this.#moments.pop() as number;
    const last = [this.#kinds.pop(), this.#items.pop(), this.#counts.pop()] as const;
    const n = this.#moments.length;
    if (n > 0) this.#sink(moment, last as readonly [number, number, number], n);
    visit(kind as number, item as number, count as number);
  }

  #sink(moment: number, last: readonly [number, number, number], n: number): void {
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= n) break;
      const right = below + 1;
      if (right < n && (this.#moments[right] as number) < (this.#moments[below] as number)) {
        below = right;
      }
      if ((this.#moments[below] as number) >= moment) break;
      this.#copy(below, at);
      at = below;
    }
    this.#set(at, moment, ...last);
  }

  #copy(from: number, to: number): void {
    this.#set(
      to,
      this.#moments[from] as number,
      this.#kinds[from] as number,
      this.#items[from] as number,
      this.#counts[from] as number,
    );
  }

  #set(at: number, moment: number, kind: number, item: number, count: number): void {
    this.#moments[at] = moment;
    this.#kinds[at] = kind;
    this.#items[at] = item;
    this.#counts[at] = count;
  }
}
