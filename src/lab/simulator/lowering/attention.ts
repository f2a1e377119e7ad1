// Steps head by head: attention, and products with a matrix for each head.
import type { HeadWidths } from '../../../engine/ops/head-widths.ts';
import type { Step } from '../../../engine/tape/tape.ts';
import { asRows, type Tensor } from '../../../engine/tape/tensor.ts';
import { headsOf, numberOf } from '../../../models/foreign-steps.ts';
import type { Matrix, Part, StepLowering, WorkBuilder } from './graph.ts';
import { dense, inputOf, productBack, viewOf, windowsOf } from './products.ts';

/** Each head has a matrix of its own: the heads are the batch. */
export const headLinear: StepLowering = {
  forward(graph, step) {
    const [x, w] = [inputOf(step, 0), inputOf(step, 1)];
    const { heads, rows, columns, width } = alikeHeadsOf(step, x);
    const made = graph.add({
      kind: 'product',
      parts: [
        {
          ...dense(heads, rows, width, width),
          left: viewOf(x, [width, columns, 1]),
          right: viewOf(w, [width * width, 1, width]),
        },
      ],
      ...{ leftRole: graph.roleOf(x), rightRole: graph.roleOf(w) },
      reads: [...graph.valuesOf(x), ...graph.valuesOf(w)],
      output: { elements: step.output.size, role: 'activation', storage: step.output.storage },
    });
    graph.setValues(step.output, [made]);
  },
  back(graph, step) {
    const [x, w] = [inputOf(step, 0), inputOf(step, 1)];
    const { heads, rows, width } = alikeHeadsOf(step, x);
    const dy = graph.gradientOf(step.output);
    productBack(graph, w, 'dW', {
      reads: [...graph.valuesOf(x), ...dy],
      roles: [graph.roleOf(x), 'gradient'],
      parts: [dense(heads, width, width, rows)],
    });
    productBack(graph, x, 'dX', {
      reads: [...dy, ...graph.valuesOf(w)],
      roles: ['gradient', graph.roleOf(w)],
      parts: [dense(heads, rows, width, width)],
    });
  },
};

/** All rows of all windows, and the columns of each head. */
function alikeHeadsOf(step: Step, x: Tensor) {
  const heads = numberOf(step, 'heads');
  const [rows, columns] = asRows(x);
  return { heads, rows, columns, width: columns / heads };
}

/** q k', softmax and P v head by head, in this order, so that the next head's products run beside a head's softmax. */
export const attention: StepLowering = {
  forward(graph, step) {
    const [q, k, v] = [inputOf(step, 0), inputOf(step, 1), inputOf(step, 2)];
    const { windows, rows, columns } = windowsOf(q);
    const valueColumns = windowsOf(v).columns;
    const heads = headsOf(step);
    const [window, square] = [rows * columns, rows * rows];
    const probabilities = step.saved?.[0];
    const parts = heads.map(({ query, value, queryFrom, valueFrom }, head) => {
      const scores = graph.add({
        ...{ kind: 'product', part: `head ${head + 1} scores` },
        parts: [
          {
            ...dense(windows, rows, rows, query),
            left: viewOf(q, [window, columns, 1], queryFrom),
            right: viewOf(k, [window, columns, 1], queryFrom),
          },
        ],
        ...{ leftRole: graph.roleOf(q), rightRole: graph.roleOf(k) },
        reads: [...graph.valuesOf(q), ...graph.valuesOf(k)],
        output: { elements: windows * square, role: 'activation' },
      });
      const shares = graph.add({
        ...{ kind: 'softmax', part: `head ${head + 1} softmax` },
        ...{ batch: windows, rows, columns: rows, reads: [scores] },
        output: { elements: windows * square, role: 'activation' },
      });
      const mixed = graph.add({
        ...{ kind: 'product', part: `head ${head + 1} mix` },
        parts: [
          {
            ...dense(windows, rows, value, rows),
            ...(probabilities && {
              left: viewOf(probabilities, [heads.length * square, rows, 1], head * square),
            }),
            right: viewOf(v, [rows * valueColumns, 1, valueColumns], valueFrom),
          },
        ],
        ...{ leftRole: 'activation', rightRole: graph.roleOf(v) },
        reads: [shares, ...graph.valuesOf(v)],
        output: { elements: windows * rows * value, role: 'activation' },
      });
      return { shares, mixed };
    });
    graph.setValues(
      step.output,
      parts.map(({ mixed }) => mixed),
    );
    if (probabilities)
      graph.setValues(
        probabilities,
        parts.map(({ shares }) => shares),
      );
  },
  back(graph, step) {
    const [q, k, v] = [inputOf(step, 0), inputOf(step, 1), inputOf(step, 2)];
    const gradients = headsOf(step).map((widths, head) => headBack(graph, step, head, widths));
    for (const [tensor, of] of [
      [q, 'dq'],
      [k, 'dk'],
      [v, 'dv'],
    ] as const) {
      graph.addGradient(tensor, () => gradients.flatMap((one) => one[of] ?? []));
    }
  },
};

/** What one head adds to the gradients of q, k and v; a gradient that is there already is read and added to. */
function headBack(graph: WorkBuilder, step: Step, head: number, { query, value }: HeadWidths) {
  const [q, k, v] = [inputOf(step, 0), inputOf(step, 1), inputOf(step, 2)];
  const { windows, rows } = windowsOf(q);
  const square = windows * rows * rows;
  const shares = graph.valuesOf(step.saved?.[0] as Tensor).slice(head, head + 1);
  const dy = graph.gradientOf(step.output);
  const product = (
    part: string,
    shape: Part,
    reads: readonly Matrix[],
    role: 'activation' | 'gradient',
  ): Matrix =>
    graph.add({
      ...{ kind: 'product', part: `head ${head + 1} ${part}`, parts: [shape], reads },
      ...{ leftRole: role, rightRole: role === 'gradient' ? 'activation' : 'gradient' },
      output: { elements: windows * shape.rows * shape.columns, role: 'gradient' },
    });
  const into = (tensor: Tensor, make: (before: readonly Matrix[]) => Matrix) =>
    graph.wants(tensor) ? make(graph.gradientOf(tensor)) : undefined;
  const dv = into(v, (before) =>
    product('dv', dense(windows, rows, value, rows), [...shares, ...dy, ...before], 'activation'),
  );
  const dShares = product(
    'dP',
    dense(windows, rows, rows, value),
    [...dy, ...graph.valuesOf(v)],
    'gradient',
  );
  const dScores = graph.add({
    ...{ kind: 'softmax', part: `head ${head + 1} softmax back` },
    ...{ batch: windows, rows, columns: rows, reads: [dShares, ...shares] },
    output: { elements: square, role: 'gradient' },
  });
  const through = (part: string, other: Tensor) => (before: readonly Matrix[]) =>
    product(
      part,
      dense(windows, rows, query, rows),
      [dScores, ...graph.valuesOf(other), ...before],
      'gradient',
    );
  return { dv, dq: into(q, through('dq', k)), dk: into(k, through('dk', q)) };
}
