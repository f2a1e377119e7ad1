// Steps that are matrix products: linear layers, and mixing by constant matrices; and what all lowerings share.
import type { Step } from '../../../engine/tape/tape.ts';
import { asRows, type Tensor } from '../../../engine/tape/tensor.ts';
import { numberOf } from '../../../models/foreign-steps.ts';
import type { Matrix, Part, Product, StepLowering, View, WorkBuilder } from './graph.ts';

/** The place of a tensor among those of its step, which the operation of the step defines. */
export function inputOf({ kind, inputs }: Step, place: number): Tensor {
  const tensor = inputs[place];
  if (!tensor) throw new RangeError(`a step ${kind} has no input ${place}`);
  return tensor;
}

/** (B, T, H), or one window of all rows. */
export function windowsOf({ shape, size }: Tensor) {
  const columns = shape.at(-1) ?? 1;
  const windows = shape.length === 3 ? (shape[0] as number) : 1;
  return { windows, rows: size / columns / windows, columns };
}

export function viewOf(
  { storage }: Tensor,
  steps: readonly [batch: number, outer: number, inner: number],
  offset = 0,
): View {
  const [batchDown, outerDown, innerDown] = steps;
  return { storage, offset, batchDown, outerDown, innerDown };
}

/** x (B, T, K) W (K, N) + b; the multipliers' adders begin with the bias. */
export const linear: StepLowering = {
  forward(graph, step) {
    const [x, w, b] = [inputOf(step, 0), inputOf(step, 1), step.inputs[2]];
    const { windows, rows, columns: inner } = windowsOf(x);
    const [, columns] = asRows(w);
    const made = graph.add({
      kind: 'product',
      parts: [
        {
          ...{ batch: windows, rows, columns, inner, leftShared: false, rightShared: true },
          left: viewOf(x, [rows * inner, inner, 1]),
          right: viewOf(w, [0, 1, columns]),
        },
      ],
      ...{ leftRole: graph.roleOf(x), rightRole: graph.roleOf(w) },
      reads: [...graph.valuesOf(x), ...graph.valuesOf(w), ...(b ? graph.valuesOf(b) : [])],
      output: { elements: step.output.size, role: 'activation', storage: step.output.storage },
    });
    graph.setValues(step.output, [made]);
  },
  back(graph, step) {
    const [x, w, b] = [inputOf(step, 0), inputOf(step, 1), step.inputs[2]];
    const { windows, rows, columns: inner } = windowsOf(x);
    const [, columns] = asRows(w);
    const dy = graph.gradientOf(step.output);
    productBack(graph, w, 'dW', {
      reads: [...graph.valuesOf(x), ...dy],
      roles: [graph.roleOf(x), 'gradient'],
      parts: [dense(1, inner, columns, windows * rows)],
    });
    if (b) biasBack(graph, b, dy, windows * rows);
    productBack(graph, x, 'dX', {
      reads: [...dy, ...graph.valuesOf(w)],
      roles: ['gradient', graph.roleOf(w)],
      parts: [{ ...dense(windows, rows, inner, columns), rightShared: true }],
    });
  },
};

export function dense(batch: number, rows: number, columns: number, inner: number): Part {
  return { batch, rows, columns, inner, leftShared: false, rightShared: false };
}

/** The gradient of a tensor by a product; if there is one already, the sum. */
export function productBack(
  graph: WorkBuilder,
  tensor: Tensor,
  part: string,
  {
    reads,
    roles: [leftRole, rightRole],
    parts,
    kind = 'product',
    taps,
  }: {
    readonly reads: readonly Matrix[];
    readonly roles: readonly [Matrix['role'], Matrix['role']];
    readonly parts: readonly Part[];
    readonly kind?: 'product' | 'convolution';
    readonly taps?: Product['taps'] & {};
  },
): void {
  graph.addGradient(tensor, (before) => [
    graph.add(
      {
        ...{ kind, part, parts, leftRole, rightRole, ...(taps && { taps }) },
        reads: [...reads, ...before],
        output: { elements: tensor.size, role: 'gradient' },
      },
      tensor.storage.kind === 'parameter',
    ),
  ]);
}

/** Sums of the rows of a gradient. */
export function biasBack(
  graph: WorkBuilder,
  bias: Tensor,
  dy: readonly Matrix[],
  rows: number,
): void {
  graph.addGradient(bias, (before) => [
    graph.add(
      {
        ...{ kind: 'element', part: 'dB', batch: 1, rows, columns: bias.size },
        reads: [...dy, ...before],
        output: { elements: bias.size, role: 'gradient' },
      },
      bias.storage.kind === 'parameter',
    ),
  ]);
}

/** y_h = sum_p L_p x_h R_p of constant matrices: first the columns of each head, then the rows of the window. */
export const mix: StepLowering = {
  forward(graph, step) {
    const x = inputOf(step, 0);
    const made = mixed(graph, step, graph.valuesOf(x), 'activation', x);
    graph.setValues(step.output, [made]);
  },
  back(graph, step) {
    const x = inputOf(step, 0);
    const dy = graph.gradientOf(step.output);
    graph.addGradient(x, (before) => [mixed(graph, step, [...dy, ...before], 'gradient')]);
  },
};

function mixed(
  graph: WorkBuilder,
  step: Step,
  reads: readonly Matrix[],
  role: 'activation' | 'gradient',
  seen?: Tensor,
): Matrix {
  const [left, right, leftBack, rightBack] = step.saved ?? [];
  const [l, r] = seen ? [left, right] : [leftBack, rightBack];
  const { windows, rows, columns } = windowsOf(step.output);
  const heads = numberOf(step, 'heads');
  const width = columns / heads;
  const pairs = (l as Tensor).size / rows ** 2;
  const back = seen ? '' : 'back ';
  // All columns of all windows are rows of d numbers: heads of a row follow each other.
  const between = graph.add({
    ...{ kind: 'product', part: `${back}columns` },
    parts: Array.from({ length: pairs }, (_, pair) => ({
      ...dense(windows, rows * heads, width, width),
      rightShared: true,
      ...(seen && { left: viewOf(seen, [rows * columns, width, 1]) }),
      right: viewOf(r as Tensor, [0, 1, width], pair * width * width),
    })),
    ...{ leftRole: role, rightRole: 'weight' },
    reads: [...reads, ...graph.valuesOf(r as Tensor)],
    output: { elements: pairs * windows * rows * columns, role },
  });
  return graph.add({
    ...{ kind: 'product', part: `${back}rows` },
    parts: [
      {
        ...dense(windows, rows, columns, pairs * rows),
        leftShared: true,
        left: viewOf(l as Tensor, [0, pairs * rows, 1]),
      },
    ],
    ...{ leftRole: 'weight', rightRole: role },
    reads: [between, ...graph.valuesOf(l as Tensor)],
    output: {
      elements: step.output.size,
      role,
      ...(seen && { storage: step.output.storage }),
    },
  });
}
