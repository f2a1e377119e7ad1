// The columns of each head of attention.
import type { Tensor } from '../tape/tensor.ts';
import { asWindows, requireCount, requireSameShape, widthOfHeads } from './axes.ts';

/** Columns of one head. */
export interface HeadWidths {
  /** In the queries and the keys. */
  readonly query: number;
  /** In the values and the output. */
  readonly value: number;
}

/** Throws `RangeError` unless queries, keys and values have the columns of the heads. */
export function widthsOf(
  heads: number | readonly HeadWidths[],
  q: Tensor,
  k: Tensor,
  v: Tensor,
): readonly HeadWidths[] {
  const [windows, rows, columns] = asWindows(q);
  requireSameShape('the shape of the keys', k, q);
  if (typeof heads === 'number') {
    requireSameShape('the shape of the values', v, q);
    const width = widthOfHeads(columns, heads);
    return Array.from({ length: heads }, () => ({ query: width, value: width }));
  }
  const wanted = { query: 0, value: 0 };
  for (const { query, value } of heads) {
    requireCount('the width of the queries of a head', query);
    requireCount('the width of the values of a head', value);
    wanted.query += query;
    wanted.value += value;
  }
  if (columns !== wanted.query) {
    throw new RangeError(`the queries have ${columns} columns, their heads need ${wanted.query}`);
  }
  requireSameShape('the shape of the values', v, { shape: [windows, rows, wanted.value] });
  return heads;
}

/** E.g. `8/6,8/8`: attributes are not lists. */
export function textOf(widths: readonly HeadWidths[]): string {
  return widths.map(({ query, value }) => `${query}/${value}`).join(',');
}

/** Reads the attribute `heads` of a recorded step. */
export function headWidthsIn(heads: unknown): readonly HeadWidths[] {
  return String(heads)
    .split(',')
    .map((head) => {
      const [query = 0, value = 0] = head.split('/').map(Number);
      return { query, value };
    });
}

/** The columns of a head, and the first of them in queries and keys, and in values. */
export interface HeadPlace extends HeadWidths {
  readonly queryFrom: number;
  readonly valueFrom: number;
}

export function placed(widths: readonly HeadWidths[]): readonly HeadPlace[] {
  let [queryFrom, valueFrom] = [0, 0];
  return widths.map(({ query, value }) => {
    const place = { query, value, queryFrom, valueFrom };
    queryFrom += query;
    valueFrom += value;
    return place;
  });
}
