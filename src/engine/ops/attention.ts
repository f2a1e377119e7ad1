// Attention of the rows of a window to each other, head by head.
//
// Notation   q, k (B, T, H) and v, y (B, T, G), of which head h has its own columns: its matrices are slices whose rows are
//            H or G apart. P (B, heads, T, T) probabilities, s = 1 / sqrt(d), d = H / heads by default
//            P = softmax(s q k^T) by rows, y = P v
//            dv += P^T dy, dP = dy v^T, dS = s P (dP - sum_j P dP), dq += dS k, dk += dS^T q; dP and dS share `scores`
//
// After pruning q and P are q' and P' in the products, whose gradients dq and dP are 0 where nothing was kept. Rows of P'
// are not scaled to a sum of 1 again.
import type { Binding, Pruning, Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import { asWindows } from './axes.ts';
import { headLinear } from './head-linear.ts';
import { type HeadPlace, type HeadWidths, placed, textOf, widthsOf } from './head-widths.ts';
import { keep, prunedProduct, pruningAttributes } from './pruning.ts';

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

interface AttentionPruning {
  readonly queries?: Pruning | undefined;
  readonly probabilities?: Pruning | undefined;
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
  };
  const { keptQueries, keptProbabilities } = tensors;
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
      ...[keptQueries, keptProbabilities].filter((tensor) => tensor !== undefined),
    ],
    forward: (binding) =>
      wayForward(binding, { ...shape, heads: placed(widths) }, tensors, pruning),
    backward: (binding) => wayBack(binding, { ...shape, heads: placed(widths) }, tensors, pruning),
  });
}

interface Shape {
  readonly windows: number;
  readonly rows: number;
  /** H. */
  readonly columns: number;
  /** G. */
  readonly mixed: number;
  readonly heads: readonly HeadPlace[];
  /** d. */
  readonly width: number;
  readonly causal: boolean;
}

type Tensors = Record<
  'q' | 'k' | 'v' | 'output' | 'probabilities' | 'keysAcross' | 'valuesAcross' | 'scores',
  Tensor
> &
  Record<'keptQueries' | 'keptProbabilities', Tensor | undefined>;

/** The matrix products of attention on matrices of heads whose rows are `n` apart, with `width` columns of a head. */
function productsOf(binding: Binding, rows: number, n: number, pruning?: Pruning) {
  const { kernels } = binding;
  const multiply = prunedProduct(binding, pruning);
  return {
    /** to (T, T) = a b^T, a a head's rows, which may be pruned, and `bAcross` (width, T) b transposed. */
    dots(to: number, a: number, bAcross: number, width: number): void {
      multiply(to, rows, a, n, bAcross, rows, 0, 0, rows, rows, width);
    },
    /** A head's rows = start + weights (T, T), which may be pruned, times rows of `from`. */
    mix(to: number, weights: number, from: number, start: number, width: number): void {
      multiply(to, n, weights, rows, from, n, start, n, rows, width, rows);
    },
    /** The same, with all of the weights, transposed. */
    mixBack(to: number, weights: number, from: number, start: number, width: number): void {
      kernels.multiply(to, n, weights, 1, rows, from, n, start, n, rows, width, rows);
    },
  };
}

function wayForward(
  binding: Binding,
  shape: Shape,
  tensors: Tensors,
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

function wayBack(
  binding: Binding,
  shape: Shape,
  tensors: Tensors,
  pruning: AttentionPruning,
): () => void {
  const { kernels, at, gradientAt } = binding;
  const { windows, rows, columns, mixed, heads, width } = shape;
  const ofQueries = productsOf(binding, rows, columns);
  const ofValues = productsOf(binding, rows, mixed);
  const kept = keepers(binding, shape, tensors, pruning);
  const [q, k, v, dy] = [at(tensors.q), at(tensors.k), at(tensors.v), gradientAt(tensors.output)];
  const [dq, dk, dv] = [gradientAt(tensors.q), gradientAt(tensors.k), gradientAt(tensors.v)];
  const [probabilities, across] = [at(tensors.probabilities), at(tensors.valuesAcross)];
  const scores = at(tensors.scores);
  const scale = 1 / Math.sqrt(width);
  const square = rows * rows;

  const throughProbabilities = (window: number, p: number): void => {
    const used = kept.probabilities(p);
    for (const [h, { value, valueFrom }] of heads.entries()) {
      const place = window + valueFrom;
      if (dv) ofValues.mixBack(dv + place, used + h * square, dy + place, dv + place, value);
      ofValues.dots(scores + h * square, dy + place, across + valueFrom * rows, value);
    }
    kept.gradientOfProbabilities(p);
  };
  const throughScores = (window: number): void => {
    const used = kept.queries(q + window) - window;
    for (const [h, { query, queryFrom }] of heads.entries()) {
      const place = window + queryFrom;
      if (dk) ofQueries.mixBack(dk + place, scores + h * square, used + place, dk + place, query);
    }
    if (!dq) return;
    const { to, start } = kept.placeOfGradient(dq + window);
    for (const [h, { query, queryFrom }] of heads.entries()) {
      const from = start === 0 ? 0 : start + queryFrom;
      ofQueries.mix(to + queryFrom, scores + h * square, k + window + queryFrom, from, query);
    }
    kept.gradientOfQueries(dq + window, q + window);
  };
  return () => {
    for (let b = 0; b < windows; b++) {
      const window = b * rows * mixed;
      const p = probabilities + b * heads.length * square;
      kernels.transpose(across, v + window, mixed, rows, mixed);
      throughProbabilities(window, p);
      kernels.softmaxBack(scores, scores, p, 0, heads.length * rows, rows, scale);
      throughScores(b * rows * columns);
    }
  };
}

/** What of a window's queries and probabilities the products have read, and where their gradients are 0. */
function keepers(
  binding: Binding,
  { rows, columns, heads }: Shape,
  { keptQueries, keptProbabilities, scores }: Tensors,
  pruning: AttentionPruning,
) {
  const { kernels, at } = binding;
  const ofQueries = { groups: 1, rows, columns };
  const ofProbabilities = { groups: heads.length, rows, columns: rows };
  const places = {
    queries: keptQueries ? at(keptQueries) : 0,
    probabilities: keptProbabilities ? at(keptProbabilities) : 0,
    scores: at(scores),
  };
  return {
    /** P', as the product read it. */
    probabilities(p: number): number {
      if (!pruning.probabilities) return p;
      keep(binding, pruning.probabilities, places.probabilities, p, p, ofProbabilities);
      return places.probabilities;
    },
    gradientOfProbabilities(p: number): void {
      if (!pruning.probabilities) return;
      keep(binding, pruning.probabilities, places.scores, places.scores, p, ofProbabilities);
    },
    /** q', as the product read it. */
    queries(q: number): number {
      if (!pruning.queries) return q;
      keep(binding, pruning.queries, places.queries, q, q, ofQueries);
      return places.queries;
    },
    /** Where the gradient of q' is summed up: apart, so that it can be pruned before it is added. */
    placeOfGradient(dq: number): { readonly to: number; readonly start: number } {
      return pruning.queries ? { to: places.queries, start: 0 } : { to: dq, start: dq };
    },
    gradientOfQueries(dq: number, q: number): void {
      if (!pruning.queries) return;
      keep(binding, pruning.queries, places.queries, places.queries, q, ofQueries);
      kernels.addScaled(dq, 1, places.queries, rows * columns);
    },
  };
}
