// Assigns memory to the arrays of a program, so that arrays with overlapping lifetimes do not overlap in memory.

/** Lifetime of an array, both ends inclusive. */
export interface Lifetime {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

export interface MemoryPlan {
  /** Offsets from 0, in the order of the lifetimes. */
  readonly places: readonly number[];
  readonly size: number;
}

/** Floats of a cache line: arrays start on one, and kernels may read to its end. */
export const ALIGNMENT = 16;

/**
 * Largest first, each at the lowest offset that is free during its lifetime. Pisarchyk and Lee 2020, "Efficient
 * memory management for deep neural net inference", greedy by size.
 */
export function planMemory(lifetimes: readonly Lifetime[]): MemoryPlan {
  const places = new Array<number>(lifetimes.length).fill(0);
  const order = [...lifetimes.keys()].sort((a, b) => sizeAt(lifetimes, b) - sizeAt(lifetimes, a));
  const placed: number[] = [];
  let size = 0;
  for (const index of order) {
    const own = lifetimes[index] as Lifetime;
    const overlapping = placed
      .filter((other) => overlap(own, lifetimes[other] as Lifetime))
      .sort((a, b) => (places[a] as number) - (places[b] as number));
    let place = 0;
    for (const other of overlapping) {
      const begin = places[other] as number;
      if (place + own.size <= begin) break;
      place = Math.max(place, aligned(begin + sizeAt(lifetimes, other)));
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
