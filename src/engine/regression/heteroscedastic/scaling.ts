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

/** Of the networks' scale, that the values span: where the logistic function is not flat yet. */
const SPAN = 0.8;

/** Units of y in one of the networks' scale; 1 for values that are all alike. */
export function unitOf(y: Float64Array): number {
  const [least, most] = extent(y);
  return most > least ? (most - least) / SPAN : 1;
}
