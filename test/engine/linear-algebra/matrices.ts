import { type Dense, dense } from '../../../src/engine/linear-algebra/dense.ts';
import { createRandom } from '../../../src/engine/random.ts';

export function matrixOf(rows: readonly (readonly number[])[]): Dense {
  return dense(rows.length, rows[0]?.length ?? 0, Float64Array.from(rows.flat()));
}

export function multiply(a: Dense, b: Dense): Dense {
  const values = new Float64Array(a.rows * b.columns);
  for (const place of values.keys()) {
    const [i, j] = [Math.floor(place / b.columns), place % b.columns];
    for (let k = 0; k < a.columns; k++) {
      values[place] = (values[place] as number) + at(a, i, k) * at(b, k, j);
    }
  }
  return dense(a.rows, b.columns, values);
}

export function transpose(a: Dense): Dense {
  return dense(
    a.columns,
    a.rows,
    Float64Array.from(a.values, (_, place) => at(a, place % a.rows, Math.floor(place / a.rows))),
  );
}

export function diagonal(values: ArrayLike<number>): Dense {
  const size = values.length;
  return dense(
    size,
    size,
    Float64Array.from({ length: size * size }, (_, place) =>
      place % (size + 1) === 0 ? (values[place / (size + 1)] as number) : 0,
    ),
  );
}

export function identity(size: number): Dense {
  return diagonal(new Float64Array(size).fill(1));
}

/** Largest difference, by the largest element of `wanted`. */
export function distance(found: Dense, wanted: Dense): number {
  if (found.rows !== wanted.rows || found.columns !== wanted.columns) return Number.NaN;
  const difference = found.values.map((value, i) => value - (wanted.values[i] as number));
  return greatest(difference) / (greatest(wanted.values) || 1);
}

export function greatest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Of numbers from a normal distribution. */
export function drawn(rows: number, columns: number, seed: number): Dense {
  const random = createRandom(seed);
  return dense(rows, columns, Float64Array.from({ length: rows * columns }, random.normal));
}

/** Fills the half that must not be read. */
export function spoilt(a: Dense, isRead: (i: number, j: number) => boolean): Dense {
  const { rows, columns, values } = a;
  const isKept = (place: number) => isRead(Math.floor(place / columns), place % columns);
  return dense(
    rows,
    columns,
    values.map((value, place) => (isKept(place) ? value : 77)),
  );
}

function at({ values, columns }: Dense, i: number, j: number): number {
  return values[i * columns + j] as number;
}
