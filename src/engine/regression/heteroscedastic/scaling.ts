// Coordinates and values as the networks see them.
import { extent, mean, standardDeviation } from '../../statistics.ts';
import { columnsOf } from '../points.ts';
import type { Points } from '../regressor.ts';

export interface Frame {
  readonly centre: Float64Array;
  /** Of each coordinate; the same within a part, since how far a coordinate reaches says what it is worth. */
  readonly unit: Float64Array;
}

/** `parts`: widths of what lies side by side in a point. */
export function frameOf(points: Points, parts: readonly number[]): Frame {
  const columns = columnsOf(points);
  const variances = columns.map((column) => standardDeviation(column) ** 2);
  let from = 0;
  const unit = parts.flatMap((part) => {
    const square = mean(variances.slice(from, from + part));
    from += part;
    return new Array<number>(part).fill(square > 0 ? Math.sqrt(square) : 1);
  });
  return { centre: Float64Array.from(columns, mean), unit: Float64Array.from(unit) };
}

export function intoFrame({ centre, unit }: Frame, values: Float64Array): Float64Array {
  const width = centre.length;
  return values.map((value, place) => {
    const i = place % width;
    return (value - (centre[i] as number)) / (unit[i] as number);
  });
}

/** To where the logistic function is not flat yet; nas.md's range. */
const [LEAST, MOST] = [0.1, 0.9];

export interface ValueScale {
  into(y: number): number;
  back(scaled: number): number;
  /** Units of y in one of the scale's. */
  readonly unit: number;
}

/** From the least and the greatest value; values that are all alike lie in the middle. */
export function valueScale(y: Float64Array): ValueScale {
  const [least, most] = extent(y);
  const unit = most > least ? (most - least) / (MOST - LEAST) : 1;
  const low = most > least ? least : least - (MOST - LEAST) / 2;
  return {
    into: (value) => LEAST + (value - low) / unit,
    back: (scaled) => low + (scaled - LEAST) * unit,
    unit,
  };
}
