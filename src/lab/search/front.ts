// Pareto fronts, crowding distances and the hypervolume that points dominate. Lower is better in each objective.

/** The same number of objectives for each point. */
export type Objectives = readonly (readonly number[])[];

/** Indices of the points that no other point dominates, in rising order; equal points are all included. */
export function paretoFront(points: Objectives): readonly number[] {
  return points.flatMap((point, i) => (points.some((other) => dominates(other, point)) ? [] : [i]));
}

/**
 * All points in fronts: no point dominates the first front, and only points of earlier fronts dominate a later one. O(N^2).
 * Deb et al. 2002, "A fast and elitist multiobjective genetic algorithm: NSGA-II", section III-A.
 */
export function nonDominatedSort(points: Objectives): readonly (readonly number[])[] {
  const beneath = points.map((point) =>
    points.flatMap((other, j) => (dominates(point, other) ? [j] : [])),
  );
  const above = new Uint32Array(points.length);
  for (const j of beneath.flat()) above[j] = (above[j] as number) + 1;
  const fronts: number[][] = [];
  let front = points.flatMap((_, i) => (above[i] === 0 ? [i] : []));
  while (front.length > 0) {
    fronts.push(front);
    const next: number[] = [];
    for (const j of front.flatMap((i) => beneath[i] as number[])) {
      above[j] = (above[j] as number) - 1;
      if (above[j] === 0) next.push(j);
    }
    front = next.sort((a, b) => a - b);
  }
  return fronts;
}

/**
 * The distance between the neighbours of each point of a front, as a share of the extent, summed over the objectives;
 * infinite at the ends. Higher = more isolated. Deb et al. 2002, section III-B.
 */
export function crowdingDistances(front: Objectives): Float64Array {
  const distances = new Float64Array(front.length);
  for (let objective = 0; objective < (front[0]?.length ?? 0); objective++) {
    const at = (i: number) => (front[i] as readonly number[])[objective] as number;
    const order = [...front.keys()].sort((a, b) => at(a) - at(b));
    const [first, last] = [order[0] as number, order[order.length - 1] as number];
    const extent = at(last) - at(first);
    for (const [place, i] of order.entries()) {
      const [before, after] = [order[place - 1], order[place + 1]];
      const atEnd = before === undefined || after === undefined;
      const apart = atEnd ? Number.POSITIVE_INFINITY : (at(after) - at(before)) / (extent || 1);
      distances[i] = (distances[i] as number) + apart;
    }
  }
  return distances;
}

/** Indices of all points, best first: by front, then by crowding distance in the front, greatest first. */
export function bestFirst(points: Objectives): readonly number[] {
  return nonDominatedSort(points).flatMap((front) => {
    const distances = crowdingDistances(front.map((i) => points[i] as readonly number[]));
    return [...front.keys()]
      .sort((a, b) => descending(distances[a] as number, distances[b] as number))
      .map((place) => front[place] as number);
  });
}

/** For numbers that may be infinite: their difference would be NaN. */
function descending(a: number, b: number): number {
  return a === b ? 0 : b > a ? 1 : -1;
}

/**
 * The exact hypervolume between the points and `reference`, in the product of the objectives' units. Points that are not
 * better than the reference in every objective count 0. Fast for two objectives, exponential in their number at worst.
 * While, Bradstreet and Barone 2012, "A fast way of calculating exact hypervolumes" (WFG).
 */
export function hypervolume(points: Objectives, reference: readonly number[]): number {
  const inside = points.filter((point) =>
    reference.every((limit, objective) => (point[objective] as number) < limit),
  );
  return volumeOf(inside, reference);
}

/** What `point` adds to the hypervolume of `points`. */
export function hypervolumeImprovement(
  points: Objectives,
  point: readonly number[],
  reference: readonly number[],
): number {
  if (point.some((value, j) => value >= (reference[j] as number))) return 0;
  const shared = points.map((other) =>
    other.map((value, j) => Math.max(value, point[j] as number)),
  );
  return boxOf(point, reference) - hypervolume(shared, reference);
}

/**
 * Each point's box, less what later points dominate of it. Later points are not worse in the last objective, so clipped to the
 * box they all end where the box does, and what they share is a volume of one objective less.
 */
function volumeOf(points: Objectives, reference: readonly number[]): number {
  if (reference.length === 1) return lengthOf(points, reference);
  if (reference.length === 2) return areaOf(points, reference);
  const last = reference.length - 1;
  const at = (point: readonly number[]) => point[last] as number;
  const front = paretoFront(points)
    .map((i) => points[i] as readonly number[])
    .sort((a, b) => at(b) - at(a));
  const rest = reference.slice(0, last);
  return front.reduce((sum, point, i) => {
    const shared = front
      .slice(i + 1)
      .map((other) => rest.map((_, j) => Math.max(other[j] as number, point[j] as number)));
    const depth = (reference[last] as number) - at(point);
    return sum + boxOf(point, reference) - depth * volumeOf(shared, rest);
  }, 0);
}

function lengthOf(points: Objectives, [end = 0]: readonly number[]): number {
  return points.reduce((longest, [x = 0]) => Math.max(longest, end - x), 0);
}

/** Strips, in rising order of the first objective, from each point up to the lowest before it. */
function areaOf(points: Objectives, [right = 0, top = 0]: readonly number[]): number {
  let [area, lowest] = [0, top];
  const rising = [...points].sort((a, b) => (a[0] as number) - (b[0] as number));
  for (const [x = 0, y = 0] of rising) {
    area += (right - x) * Math.max(lowest - y, 0);
    lowest = Math.min(lowest, y);
  }
  return area;
}

function boxOf(point: readonly number[], reference: readonly number[]): number {
  return reference.reduce(
    (product, limit, objective) => product * (limit - (point[objective] as number)),
    1,
  );
}

function dominates(one: readonly number[], other: readonly number[]): boolean {
  let isBetter = false;
  for (let i = 0; i < one.length; i++) {
    const own = one[i] as number;
    const its = other[i] as number;
    if (!(own <= its)) return false;
    isBetter ||= own < its;
  }
  return isBetter;
}
