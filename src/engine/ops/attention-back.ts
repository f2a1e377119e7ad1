// The way back of attention, and what it shares with the way forward; attention.ts has the notation.
//
// Rows of dy that are all 0 pass nothing back: where a training leaves rows out, only the others are computed. The sums have the
// bits of those over all rows.
import type { Binding, Pruning } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import type { HeadPlace } from './head-widths.ts';
import { keep, prunedProduct } from './pruning.ts';

export interface AttentionPruning {
  readonly queries?: Pruning | undefined;
  readonly probabilities?: Pruning | undefined;
}

export interface AttentionShape {
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

export type AttentionTensors = Record<
  'q' | 'k' | 'v' | 'output' | 'probabilities' | 'keysAcross' | 'valuesAcross' | 'scores',
  Tensor
> &
  Record<'keptQueries' | 'keptProbabilities' | 'list', Tensor | undefined>;

/** The matrix products of attention on matrices of heads whose rows are `n` apart, with `width` columns of a head. */
export function productsOf(binding: Binding, rows: number, n: number, pruning?: Pruning) {
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

/** Share of the rows above which all of them together are faster: lists cost as much as a third of the rows of small windows. */
const MOST_LISTED = 0.6;

export function wayBack(
  binding: Binding,
  shape: AttentionShape,
  tensors: AttentionTensors,
  pruning: AttentionPruning,
): () => void {
  const { kernels, at } = binding;
  const { windows, rows, mixed, heads } = shape;
  const passWhole = throughAllRows(binding, shape, tensors, pruning);
  const listed = throughListedRows(binding, shape, tensors);
  const [v, across, probabilities] = [
    at(tensors.v),
    at(tensors.valuesAcross),
    at(tensors.probabilities),
  ];
  return () => {
    for (let b = 0; b < windows; b++) {
      const p = probabilities + b * heads.length * rows * rows;
      const kept = listed?.list(b) ?? rows;
      kernels.transpose(across, v + b * rows * mixed, mixed, rows, mixed);
      if (listed && kept <= MOST_LISTED * rows) listed.pass(b, p, kept);
      else passWhole(b, p);
    }
  };
}

/** Passes back the gradient of window b, whose probabilities are at p. */
function throughAllRows(
  binding: Binding,
  shape: AttentionShape,
  tensors: AttentionTensors,
  pruning: AttentionPruning,
): (b: number, p: number) => void {
  const { kernels, at, gradientAt } = binding;
  const { rows, columns, mixed, heads, width } = shape;
  const ofQueries = productsOf(binding, rows, columns);
  const ofValues = productsOf(binding, rows, mixed);
  const kept = keepers(binding, shape, tensors, pruning);
  const [q, k, dy] = [at(tensors.q), at(tensors.k), gradientAt(tensors.output)];
  const [dq, dk, dv] = [gradientAt(tensors.q), gradientAt(tensors.k), gradientAt(tensors.v)];
  const [across, scores] = [at(tensors.valuesAcross), at(tensors.scores)];
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
  return (b, p) => {
    throughProbabilities(b * rows * mixed, p);
    kernels.softmaxBack(scores, scores, p, 0, heads.length * rows, rows, scale);
    throughScores(b * rows * columns);
  };
}

/** The same through the rows of dy that have other numbers than 0; undefined where none are left out. */
function throughListedRows(
  { kernels, memory, at, gradientAt }: Binding,
  { rows, columns, mixed, heads, width }: AttentionShape,
  tensors: AttentionTensors,
) {
  if (!tensors.list) return undefined;
  const [list, n] = [at(tensors.list), rows];
  const [q, k, dy] = [at(tensors.q), at(tensors.k), gradientAt(tensors.output)];
  const [dq, dk, dv] = [gradientAt(tensors.q), gradientAt(tensors.k), gradientAt(tensors.v)];
  const [across, scores] = [at(tensors.valuesAcross), at(tensors.scores)];
  const scale = 1 / Math.sqrt(width);
  const square = n * n;

  const throughProbabilities = (window: number, p: number, kept: number): void => {
    memory.fill(0, scores, scores + heads.length * square);
    for (const [h, { value, valueFrom }] of heads.entries()) {
      const [place, s, from] = [window + valueFrom, scores + h * square, p + h * square];
      const [g, to] = [dy + place, dv + place];
      if (dv) kernels.multiplyKeptRows(to, mixed, from, 1, n, g, mixed, n, value, n, list, kept);
      kernels.addToKeptRows(s, n, g, mixed, across + valueFrom * n, n, n, n, value, list, kept);
      kernels.softmaxBackKept(s, s, from, n, scale, list, kept);
    }
  };
  const throughScores = (window: number, kept: number): void => {
    for (const [h, { query, queryFrom }] of heads.entries()) {
      const [place, s] = [window + queryFrom, scores + h * square];
      const [ofKeys, ofQueries] = [dk + place, dq + place];
      const [x, y] = [q + place, k + place];
      if (dk)
        kernels.multiplyKeptRows(ofKeys, columns, s, 1, n, x, columns, n, query, n, list, kept);
      if (dq) kernels.addToKeptRows(ofQueries, columns, s, n, y, columns, n, query, n, list, kept);
    }
  };
  return {
    /** Lists the rows of window b, and returns their number. */
    list: (b: number): number => kernels.thinRows(list, dy + b * n * mixed, n, mixed, 0, 0),
    pass(b: number, p: number, kept: number): void {
      throughProbabilities(b * n * mixed, p, kept);
      throughScores(b * n * columns, kept);
    },
  };
}

/** What of a window's queries and probabilities the products have read, and where their gradients are 0. */
function keepers(
  binding: Binding,
  { rows, columns, heads }: AttentionShape,
  { keptQueries, keptProbabilities, scores }: AttentionTensors,
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
