// Points as charts draw them. Pure.

/** Points that lie further apart than this many usual steps are not joined. */
const GAP_STEPS = 4;

/** Puts a break between points that lie too far apart in time; a break has the time of the point before it. */
export function withGaps(points) {
  const steps = points.slice(1).map(([timeMs], index) => timeMs - points[index][0]);
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return points.flatMap((point, index) =>
    index > 0 && steps[index - 1] > GAP_STEPS * usual
      ? [[points[index - 1][0] + usual, ...point.slice(1).map(() => null)], point]
      : [point],
  );
}

/** Rows of points as columns: times first. */
export function columnsOf(points, width) {
  return Array.from({ length: width }, (_, column) => points.map((point) => point[column]));
}

/** What the top of a chart of scores stands for: the alert level is always in sight. */
export function highestOf(points) {
  return Math.max(2, ...points.map(([, score]) => (score ?? 0) * 1.1));
}

const SCORE_TICKS = [0, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000, 100_000, 1e6];

/** At most seven that fit below `highest`; 0 and the alert level are among them. */
export function scoreTicks(highest) {
  const fitting = SCORE_TICKS.filter((tick) => tick <= highest);
  const every = Math.ceil((fitting.length - 3) / 4);
  return fitting.filter(
    (tick, place) =>
      tick === 0 ||
      tick === 1 ||
      (tick > 1 && (fitting.length - 1 - place) % Math.max(1, every) === 0),
  );
}

/** A little more than from the lowest to the highest of what is known, so that no curve runs along the edge. */
export function rangeOf(values) {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length === 0) return [0, 1];
  const low = known.reduce((least, value) => Math.min(least, value));
  const high = known.reduce((most, value) => Math.max(most, value));
  const margin = (high - low || Math.abs(high) || 1) * 0.08;
  // what is never negative has an axis that is not either
  return [low >= 0 ? Math.max(0, low - margin) : low - margin, high + margin];
}
