// Gives every array of a program a place such that arrays that live at the same time do not overlap.

/** An array that is needed from one moment to another, both included. */
export interface Lifetime {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

export interface MemoryPlan {
  /** In the order of the lifetimes, counted from 0. */
  readonly places: readonly number[];
  readonly size: number;
}

/** Elements of a cache line of floats: arrays begin on one, and kernels may read to the end of it. */
export const ALIGNMENT = 16;

/**
 * Largest first, each at the lowest place that is free for as long as it lives. Pisarchyk and Lee 2020, "Efficient
 * memory management for deep neural net inference", greedy by size.
 */
export function planMemory(lifetimes: readonly Lifetime[]): MemoryPlan {
  const places = new Array<number>(lifetimes.length).fill(0);
  const order = [...lifetimes.keys()].sort((a, b) => sizeAt(lifetimes, b) - sizeAt(lifetimes, a));
  const placed: number[] = [];
  let size = 0;
  for (const index of order) {
    const own = lifetimes[index] as Lifetime;
    const rivals = placed
      .filter((other) => overlap(own, lifetimes[other] as Lifetime))
      .sort((a, b) => (places[a] as number) - (places[b] as number));
    let place = 0;
    for (const rival of rivals) {
      const begin = places[rival] as number;
      if (place + own.size <= begin) break;
      place = Math.max(place, aligned(begin + sizeAt(lifetimes, rival)));
    }
    places[index] = place;
    placed.push(index);
    size = Math.max(size, place + own.size);
  }
  return { places, size: aligned(size) };
}

export function aligned(element: number): number {
  return Math.ceil(element / ALIGNMENT) * ALIGNMENT;
}

function sizeAt(lifetimes: readonly Lifetime[], index: number): number {
  return (lifetimes[index] as Lifetime).size;
}

function overlap(a: Lifetime, b: Lifetime): boolean {
  return a.from <= b.to && b.from <= a.to;
}
