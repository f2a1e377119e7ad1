import { attention as attend } from '../../engine/ops/attention.ts';
import type { Head } from '../design-point.ts';
import type { EncoderOp } from './encoder-op.ts';
import { project } from './project.ts';

/** Rows look at each other: softmax(q k / sqrt(d)) v, or with a matrix between q and k. */
export const attention: EncoderOp<Extract<Head, { op: 'attention' }>> = {
  kind: 'attention',
  mix(tape, x, { form }, { count, width, name }) {
    const columns = count * width;
    const [q, k, v] = (['query', 'key', 'value'] as const).map((part) =>
      project(tape, x, columns, `${name}.${part}`),
    ) as [typeof x, typeof x, typeof x];
    const multiplicative =
      form === 'multiplicative'
        ? tape.parameter(`${name}.between.weights`, [count, width, width])
        : undefined;
    return attend(tape, q, k, v, { heads: count, multiplicative });
  },
  macs(rows, hidden, { form }, { count, width }) {
    const columns = count * width;
    const projections = 3 * rows * hidden * columns;
    const between = form === 'multiplicative' ? rows * columns * width : 0;
    return projections + between + 2 * rows * rows * columns;
  },
};
