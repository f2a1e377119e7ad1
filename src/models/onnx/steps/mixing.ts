// Steps that multiply by matrices, head by head where there are heads.
//
// Notation   B batch, T rows, n heads, d columns of a head, H = n d
import type { Pruning, Step } from '../../../engine/tape/tape.ts';
import type { Tensor } from '../../../engine/tape/tensor.ts';
import {
  areAlike,
  headsOf,
  hidingFuture,
  isCausal,
  numberOf,
  pruningOf,
} from '../../foreign-steps.ts';
import { batched, type GraphBuilder, type StepWriter, tensorAt } from '../graph.ts';

export const linear: StepWriter = (step, { graph, read }) => {
  const { inputs } = step;
  const [x, weights, bias] = [tensorAt(inputs, 0), tensorAt(inputs, 1), inputs[2]];
  const inWindow = x.shape.slice(1, -1).map((_, axis) => axis + 1);
  const operand = pruned(graph, read(x), inWindow, pruningOf(step));
  const product = graph.node('MatMul', [operand, read(weights)]);
  return bias ? graph.node('Add', [product, read(bias)]) : product;
};

/** x with zeros where it is small; columns are judged along `axes`. */
function pruned(
  graph: GraphBuilder,
  x: string,
  axes: readonly number[],
  pruning: Pruning | undefined,
): string {
  if (!pruning) return x;
  const sizes = graph.node('Abs', [x]);
  const isJudgedTogether = pruning.form === 'columns' && axes.length > 0;
  const judged = isJudgedTogether ? graph.node('ReduceMax', [sizes], { axes }) : sizes;
  const small = graph.node('LessOrEqual', [judged, graph.scalar(pruning.threshold)]);
  return graph.node('Where', [small, graph.scalar(0), x]);
}

export const headLinear: StepWriter = ({ inputs }, { graph, read }) => {
  const [x, weights] = [tensorAt(inputs, 0), tensorAt(inputs, 1)];
  const [heads = 1, width = 1] = weights.shape;
  const rows = graph.reshape(read(x), [-1, heads, 1, width]);
  const product = graph.node('MatMul', [rows, read(weights)]);
  return graph.reshape(product, batched(x.shape));
};

export const attention: StepWriter = (step, { graph, read }) => {
  const heads = headsOf(step);
  const [q, k, v] = [0, 1, 2].map((place) => tensorAt(step.inputs, place)) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  if (areAlike(heads)) {
    const [queries, keys, values] = [q, k, v].map((x) =>
      splitHeads(graph, read(x), x, heads.length),
    );
    const mixed = attend(step, graph, [queries, keys, values] as [string, string, string]);
    return joinHeads(graph, mixed, v);
  }
  const columns = (x: string, from: number, count: number): string =>
    graph.node('Slice', [x, ...[[from], [from + count], [2]].map((ends) => graph.integers(ends))]);
  const mixed = heads.map(({ query, queryFrom, value, valueFrom }) =>
    attend(step, graph, [
      columns(read(q), queryFrom, query),
      columns(read(k), queryFrom, query),
      columns(read(v), valueFrom, value),
    ]),
  );
  return graph.node('Concat', mixed, { axis: -1 });
};

/** Of all heads (B, n, T, d), or of one (B, T, d). */
function attend(
  step: Step,
  graph: GraphBuilder,
  [q, k, v]: readonly [q: string, k: string, v: string],
): string {
  const [, rows = 1] = tensorAt(step.inputs, 0).shape;
  const turned = areAlike(headsOf(step)) ? [0, 1, 3, 2] : [0, 2, 1];
  const queries = pruned(graph, q, [-2], pruningOf(step, 'query'));
  const dots = graph.node('MatMul', [queries, graph.transpose(k, turned)]);
  const scaled = graph.node('Mul', [dots, graph.scalar(1 / Math.sqrt(numberOf(step, 'width')))]);
  const future = (): string => graph.floats([rows, rows], hidingFuture(rows), `future_${rows}`);
  const scores = isCausal(step) ? graph.node('Add', [scaled, future()]) : scaled;
  const probabilities = graph.node('Softmax', [scores], { axis: -1 });
  return graph.node('MatMul', [
    pruned(graph, probabilities, [-2], pruningOf(step, 'probability')),
    v,
  ]);
}

/** y = sum over p of L_p x_h R_p; the matrices lie on the tape. */
export const mixWith: StepWriter = (step, { graph, read }) => {
  const heads = numberOf(step, 'heads');
  const [x, left, right] = [
    tensorAt(step.inputs, 0),
    tensorAt(step.saved, 0),
    tensorAt(step.saved, 1),
  ];
  const [, rows = 1] = x.shape;
  const [pairs = 1, width = 1] = right.shape;
  const apart = graph.reshape(splitHeads(graph, read(x), x, heads), [-1, heads, 1, rows, width]);
  const turned = graph.node('MatMul', [apart, read(right)]);
  const stacked = graph.reshape(turned, [-1, heads, pairs * rows, width]);
  return joinHeads(graph, graph.node('MatMul', [read(left), stacked]), x);
};

/** (B, T, H) to (B, n, T, d) */
function splitHeads(graph: GraphBuilder, name: string, { shape }: Tensor, heads: number): string {
  const [, rows = 1, columns = 1] = shape;
  const apart = graph.reshape(name, [-1, rows, heads, columns / heads]);
  return graph.transpose(apart, [0, 2, 1, 3]);
}

/** (B, n, T, d) to (B, T, H), the shape of `like` */
function joinHeads(graph: GraphBuilder, name: string, { shape }: Tensor): string {
  return graph.reshape(graph.transpose(name, [0, 2, 1, 3]), batched(shape));
}
