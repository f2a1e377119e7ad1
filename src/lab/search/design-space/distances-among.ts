// Edit distances from one design to many, where what designs share is compared once: it is what makes layouts of thousands
// of designs affordable.
import type { DesignPoint } from '../../../models/design-point.ts';
import { designKey } from './design-key.ts';
import {
  aligned,
  editCosts,
  headsDistance,
  hiddenDistance,
  stackDistance,
} from './edit-distance.ts';
import { rankOf } from './heads.ts';
import { memoize } from './memoize.ts';

/** `editDistance` from one of the points, by number, to each of them, (points,). */
export function distancesAmong(points: readonly DesignPoint[]): (from: number) => Float64Array {
  const numbers = numberer((layer: DesignPoint['layers'][number]) =>
    designKey({ layers: [layer] }),
  );
  const designs = points.map(({ layers }) => layers.map(numbers.of));
  const rowOf = layerRows(numbers.different);
  return (from) => {
    const own = (designs[from] as number[]).map(rowOf);
    return Float64Array.from(designs, (other) =>
      aligned(own, other, (row, number) => row[number] as number, editCosts.layer),
    );
  };
}

/** So many numbers of the least distances, without `self`; the lower number first where they are equal. */
export function nearest(distances: Float64Array, self: number, count: number): readonly number[] {
  const others = [...distances.keys()].filter((number) => number !== self);
  others.sort((a, b) => (distances[a] as number) - (distances[b] as number));
  return others.slice(0, count);
}

/** Distances from a layer, by number, to each. */
function layerRows(layers: readonly DesignPoint['layers'][number][]) {
  const heads = rowsAmong(
    layers.map((layer) => layer.heads),
    (list) => list.map(rankOf).sort().join(),
    headsDistance,
  );
  const stacks = rowsAmong(
    layers.map((layer) => layer.feedForward),
    String,
    stackDistance,
  );
  return memoize((number) => {
    const [headRow, stackRow] = [heads(number), stacks(number)];
    const { hidden } = layers[number] as DesignPoint['layers'][number];
    return Float64Array.from(
      layers,
      (other, i) => headRow(i) + stackRow(i) + hiddenDistance(hidden, other.hidden),
    );
  });
}

/** Distances from an item, by number, to another; each is computed once among equal items. */
function rowsAmong<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  distance: (a: T, b: T) => number,
): (from: number) => (to: number) => number {
  const numbers = numberer(keyOf);
  const each = items.map(numbers.of);
  const rowOf = memoize((number) =>
    Float64Array.from(numbers.different, (other) =>
      distance(numbers.different[number] as T, other),
    ),
  );
  return (from) => {
    const row = rowOf(each[from] as number);
    return (to) => row[each[to] as number] as number;
  };
}

/** Numbers items as they come, equal ones alike. */
function numberer<T>(keyOf: (item: T) => string) {
  const numbers = new Map<string, number>();
  const different: T[] = [];
  const of = (item: T): number => {
    const key = keyOf(item);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, different.length);
    return different.push(item) - 1;
  };
  return { of, different };
}
