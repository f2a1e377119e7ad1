// Points that are there several times, each once.
import { mean } from '../statistics.ts';
import { pointsAt, rowOf } from './points.ts';
import { countOf, type Points } from './regressor.ts';

export interface DistinctPoints {
  readonly points: Points;
  /** (points,) Mean of each one's values. */
  readonly values: Float64Array;
}

/** Each point where it is first. */
export function distinctPoints(points: Points, values: Float64Array): DistinctPoints {
  const groups = new Map<string, number[]>();
  for (let row = 0; row < countOf(points); row++) {
    const key = rowOf(points, row).join();
    const rows = groups.get(key);
    if (rows) rows.push(row);
    else groups.set(key, [row]);
  }
  const alike = [...groups.values()];
  return {
    points: pointsAt(
      points,
      alike.map(([first]) => first as number),
    ),
    values: Float64Array.from(alike, (rows) => mean(rows.map((row) => values[row] as number))),
  };
}
