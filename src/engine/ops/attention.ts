// Attention of the rows of a window to each other, head by head.
//
// Notation   q, k (B, T, H) and v, y (B, T, G), of which head h has its own columns: its matrices are slices whose rows are
//            H or G apart. P (B, heads, T, T) probabilities, s = 1 / sqrt(d), d = H / heads by default
//            P = softmax(s q k^T) by rows, y = P v
//            dv += P^T dy, dP = dy v^T, dS = s P (dP - sum_j P dP), dq += dS k, dk += dS^T q; dP and dS share `scores`
import type { Binding, Tape } from '../tape/tape.ts';
import { asRows, type Tensor } from '../tape/tensor.ts';
import { asWindows, requireCount, requireSameShape, widthOfHeads } from './axes.ts';

/** Columns of one head. */
export interface HeadWidths {
  /** In the queries and the keys. */
  readonly query: number;
  /** In the values and the output. */
  readonly value: number;
}

interface AttentionOptions {
  /** Their number, which must divide the columns, or the columns of each. */
  readonly heads: number | readonly HeadWidths[];
  /** d, scores are divided by sqrt(d); default: the columns of queries over the number of heads. */
  readonly width?: number;
  /** Whether a row reads only itself and earlier rows. */
  readonly causal?: boolean;
  /** (heads, d, d): turns scaled dot products q k^T into weighted ones, q W k^T. */
  readonly multiplicative?: Tensor | undefined;
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
  const { causal = false, multiplicative } = options;
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
  };
  return tape.record({
    kind: 'attention',
    attributes: { heads: textOf(widths), width, causal },
    inputs: [queries, k, v],
    output: tensors.output,
    saved: [tensors.probabilities],
    scratch: [tensors.keysAcross],
    rereads: [queries, k, v],
    backwardScratch: [tensors.valuesAcross, tensors.scores],
    forward: (binding) => wayForward(binding, { ...shape, heads: placed(widths) }, tensors),
    backward: (binding) => wayBack(binding, { ...shape, heads: placed(widths) }, tensors),
  });
}

/** Throws `RangeError` unless queries, keys and values have the columns of the heads. */
function widthsOf(
  heads: AttentionOptions['heads'],
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
function textOf(widths: readonly HeadWidths[]): string {
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
interface HeadPlace extends HeadWidths {
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
>;

/** The two matrix products of attention on matrices of heads whose rows are `n` apart, with `width` columns of a head. */
function productsOf({ kernels }: Binding, rows: number, n: number) {
  return {
    /** to (T, T) = a b^T, a a head's rows and `bAcross` (width, T) b transposed. */
    dots(to: number, a: number, bAcross: number, width: number): void {
      kernels.multiply(to, rows, a, n, 1, bAcross, rows, 0, 0, rows, rows, width);
    },
    /** A head's rows = start + weights (T, T) times rows of `from`. */
    mix(to: number, weights: number, from: number, start: number, width: number): void {
      kernels.multiply(to, n, weights, rows, 1, from, n, start, n, rows, width, rows);
    },
    /** The same, with the weights transposed. */
    mixBack(to: number, weights: number, from: number, start: number, width: number): void {
      kernels.multiply(to, n, weights, 1, rows, from, n, start, n, rows, width, rows);
    },
  };
}

function wayForward(binding: Binding, shape: Shape, tensors: Tensors): () => void {
  const { kernels, at } = binding;
  const { windows, rows, columns, mixed, heads, width } = shape;
  const { dots } = productsOf(binding, rows, columns);
  const { mix } = productsOf(binding, rows, mixed);
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

function wayBack(binding: Binding, shape: Shape, tensors: Tensors): () => void {
  const { kernels, at, gradientAt } = binding;
  const { windows, rows, columns, mixed, heads, width } = shape;
  const ofQueries = productsOf(binding, rows, columns);
  const ofValues = productsOf(binding, rows, mixed);
  const [q, k, v, dy] = [at(tensors.q), at(tensors.k), at(tensors.v), gradientAt(tensors.output)];
  const [dq, dk, dv] = [gradientAt(tensors.q), gradientAt(tensors.k), gradientAt(tensors.v)];
  const [probabilities, across] = [at(tensors.probabilities), at(tensors.valuesAcross)];
  const scores = at(tensors.scores);
  const scale = 1 / Math.sqrt(width);
  const square = rows * rows;

  const throughProbabilities = (window: number, p: number): void => {
    for (const [h, { value, valueFrom }] of heads.entries()) {
      const place = window + valueFrom;
      if (dv) ofValues.mixBack(dv + place, p + h * square, dy + place, dv + place, value);
      ofValues.dots(scores + h * square, dy + place, across + valueFrom * rows, value);
    }
  };
  const throughScores = (window: number): void => {
    for (const [h, { query, queryFrom }] of heads.entries()) {
      const place = window + queryFrom;
      const s = scores + h * square;
      if (dq) ofQueries.mix(dq + place, s, k + place, dq + place, query);
      if (dk) ofQueries.mixBack(dk + place, s, q + place, dk + place, query);
    }
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

// Multiplies each head's columns with its own matrix, without a bias.
//
// Notation   x and y (R, n) all but the last axis are rows, d = n / heads columns a head, W (heads, d, d)

/** y_h = x_h W_h. */
export function headLinear(tape: Tape, x: Tensor, weights: Tensor): Tensor {
  const [rows, n] = asRows(x);
  const [heads = 0, height, width] = weights.shape;
  const d = widthOfHeads(n, heads);
  if (weights.shape.length !== 3 || height !== d || width !== d) {
    throw new RangeError(
      `weights are ${weights.shape.join('x')}, ${heads} heads of ${n} columns need ${heads}x${d}x${d}`,
    );
  }
  const output = tape.value(x.shape);
  const across = tape.value([d, d]);
  return tape.record({
    kind: 'head-linear',
    attributes: { heads },
    inputs: [x, weights],
    output,
    rereads: [x, weights],
    backwardScratch: [across],
    forward({ kernels, at }) {
      const [a, w, y] = [at(x), at(weights), at(output)];
      return () => {
        for (let h = 0; h < heads; h++) {
          const from = h * d;
          kernels.multiply(y + from, n, a + from, n, 1, w + from * d, d, 0, 0, rows, d, d);
        }
      };
    },
    backward: (binding) =>
      headsBack(binding, { rows, n, d, heads }, { x, weights, output, across }),
  });
}

function headsBack(
  { kernels, at, gradientAt }: Binding,
  { rows, n, d, heads }: Record<'rows' | 'n' | 'd' | 'heads', number>,
  { x, weights, output, across }: Record<'x' | 'weights' | 'output' | 'across', Tensor>,
): () => void {
  const [a, w, wAcross, dy] = [at(x), at(weights), at(across), gradientAt(output)];
  const [dx, dw] = [gradientAt(x), gradientAt(weights)];
  return () => {
    for (let h = 0; h < heads; h++) {
      const from = h * d;
      const sum = dw + from * d;
      if (dw) kernels.multiply(sum, d, a + from, 1, n, dy + from, n, sum, d, d, d, rows);
      if (!dx) continue;
      const target = dx + from;
      kernels.transpose(wAcross, w + from * d, d, d, d);
      kernels.multiply(target, n, dy + from, n, 1, wAcross, d, target, n, rows, d, d);
    }
  };
}
