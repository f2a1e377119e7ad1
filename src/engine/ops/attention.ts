// Attention of the rows of a window to each other, head by head.
//
// Notation   q, k (B, T, H) and v, y (B, T, G), of which head h has its own columns: its matrices are slices whose rows are
//            H or G apart. P (B, heads, T, T) probabilities, s = 1 / sqrt(d), d = H / heads by default
//            P = softmax(s q k^T) by rows, y = P v
//            dv += P^T dy, dP = dy v^T, dS = s P (dP - sum_j P dP), dq += dS k, dk += dS^T q; dP and dS share `scores`
//
// After pruning q and P are q' and P' in the products, whose gradients dq and dP are 0 where nothing was kept. Rows of P'
// are not scaled to a sum of 1 again.
import type { Binding, Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import {
  type AttentionPruning,
  type AttentionShape,
  type AttentionTensors,
  productsOf,
  wayBack,
} from './attention-back.ts';
import { asWindows } from './axes.ts';
import { headLinear } from './head-linear.ts';
import { type HeadWidths, placed, textOf, widthsOf } from './head-widths.ts';
import { pruningAttributes } from './pruning.ts';

interface AttentionOptions {
  /** Their number, which must divide the columns, or the columns of each. */
  readonly heads: number | readonly HeadWidths[];
  /** d, scores are divided by sqrt(d); default: the columns of queries over the number of heads. */
  readonly width?: number;
  /** Whether a row reads only itself and earlier rows. */
  readonly causal?: boolean;
  /** (heads, d, d): turns scaled dot products q k^T into weighted ones, q W k^T. */
  readonly multiplicative?: Tensor | undefined;
  /** The operands are `<name>.queries` and `<name>.probabilities`. */
  readonly name?: string;
  readonly pruning?: AttentionPruning;
}

/**
 * Scaled dot-product attention (Vaswani et al. 2017, "Attention is all you need") or, with weights, FlexiBERT's
 * weighted multiplicative attention, which scales by sqrt(d) too. Without projections: add `linear`s for these.
 * Departs from FlexiBERT: no relative positions.
 */
export function attention(
  tape: Tape,
  q: Tensor,
  k: Tensor,
  v: Tensor,
  options: AttentionOptions,
): Tensor {
  const { causal = false, multiplicative, name, pruning = {} } = options;
  const [windows, rows, columns] = asWindows(q);
  const widths = widthsOf(options.heads, q, k, v);
  const heads = widths.length;
  const { width = columns / heads } = options;
  const shape = { windows, rows, columns, mixed: v.size / (windows * rows), width, causal };
  if (multiplicative && multiplicative.shape[0] !== heads) {
    throw new RangeError(
      `there are weights for ${multiplicative.shape[0]} heads, expected ${heads}`,
    );
  }
  const queries = multiplicative ? headLinear(tape, q, multiplicative) : q;
  const tensors = {
    q: queries,
    k,
    v,
    output: tape.value(v.shape),
    probabilities: tape.value([windows, heads, rows, rows]),
    keysAcross: tape.value([columns, rows]),
    valuesAcross: tape.value([shape.mixed, rows]),
    scores: tape.value([heads, rows, rows]),
    keptQueries: pruning.queries ? tape.value([rows, columns]) : undefined,
    keptProbabilities: pruning.probabilities ? tape.value([heads, rows, rows]) : undefined,
    list: leavesRowsOut(tape, pruning) ? tape.value([rows]) : undefined,
  };
  const { keptQueries, keptProbabilities, list } = tensors;
  return tape.record({
    kind: 'attention',
    attributes: {
      ...{ heads: textOf(widths), width, causal },
      ...pruningAttributes(pruning.queries, 'query'),
      ...pruningAttributes(pruning.probabilities, 'probability'),
    },
    inputs: [queries, k, v],
    ...(name !== undefined && {
      operands: [
        { name: `${name}.queries`, tensor: queries, rows, columns: rows },
        {
          ...{ name: `${name}.probabilities`, tensor: tensors.probabilities, rows },
          columns: shape.mixed / heads,
        },
      ],
    }),
    output: tensors.output,
    saved: [tensors.probabilities],
    scratch: [tensors.keysAcross],
    rereads: [queries, k, v],
    backwardScratch: [
      ...[tensors.valuesAcross, tensors.scores],
      ...[keptQueries, keptProbabilities, list].filter((tensor) => tensor !== undefined),
    ],
    forward: (binding) =>
      wayForward(binding, { ...shape, heads: placed(widths) }, tensors, pruning),
    backward: (binding) => wayBack(binding, { ...shape, heads: placed(widths) }, tensors, pruning),
  });
}

/** Whether rows of the gradient may be 0, because a product that reads the output leaves them out. */
function leavesRowsOut(tape: Tape, { queries, probabilities }: AttentionPruning): boolean {
  if (queries || probabilities) return false;
  return Object.values(tape.pruning).some(({ gradient }) => gradient !== undefined);
}

function wayForward(
  binding: Binding,
  shape: AttentionShape,
  tensors: AttentionTensors,
  { queries, probabilities: ofProbabilities }: AttentionPruning,
): () => void {
  const { kernels, at } = binding;
  const { windows, rows, columns, mixed, heads, width } = shape;
  const { dots } = productsOf(binding, rows, columns, queries);
  const { mix } = productsOf(binding, rows, mixed, ofProbabilities);
  const [q, k, v, y] = [at(tensors.q), at(tensors.k), at(tensors.v), at(tensors.output)];
  const [probabilities, across] = [at(tensors.probabilities), at(tensors.keysAcross)];
  const [scale, causal] = [1 / Math.sqrt(width), shape.causal ? 1 : 0];
  const square = rows * rows;
  return () => {
    for (let b = 0; b < windows; b++) {
      const window = b * rows * columns;
      const p = probabilities + b * heads.length * square;
      kernels.transpose(across, k + window, columns, rows, columns);
      for (const [h, { query, queryFrom }] of heads.entries()) {
        dots(p + h * square, q + window + queryFrom, across + queryFrom * rows, query);
      }
      kernels.softmaxRows(p, p, heads.length * rows, rows, scale, causal);
      for (const [h, { value, valueFrom }] of heads.entries()) {
        const place = b * rows * mixed + valueFrom;
        mix(y + place, p + h * square, v + place, 0, value);
      }
    }
  };
}
