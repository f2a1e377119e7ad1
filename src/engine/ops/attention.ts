// Attention of the rows of a window to each other, head by head.
//
// Notation   q, k, v, y (B, T, H), of which head h has d = H / heads columns: its matrices are slices whose rows are H
//            apart. P (B, heads, T, T) probabilities, s = 1 / sqrt(d)
//            P = softmax(s q k^T) by rows, y = P v
//            dv += P^T dy, dP = dy v^T, dS = s P (dP - sum_j P dP), dq += dS k, dk += dS^T q; dP and dS share `scores`
import type { Binding, Tape } from '../tape/tape.ts';
import { asRows, type Tensor } from '../tape/tensor.ts';
import { asWindows, requireSameShape, widthOfHeads } from './axes.ts';

interface AttentionOptions {
  /** Must divide the columns. */
  readonly heads: number;
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
  const { heads, causal = false, multiplicative } = options;
  const [windows, rows, columns] = asWindows(q);
  requireSameShape('the shape of the keys', k, q);
  requireSameShape('the shape of the values', v, q);
  const shape = { windows, rows, columns, heads, width: widthOfHeads(columns, heads), causal };
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
    output: tape.value(q.shape),
    probabilities: tape.value([windows, heads, rows, rows]),
    keysAcross: tape.value([columns, rows]),
    valuesAcross: tape.value([columns, rows]),
    scores: tape.value([heads, rows, rows]),
  };
  return tape.record({
    kind: 'attention',
    attributes: { heads, causal },
    inputs: [queries, k, v],
    output: tensors.output,
    saved: [tensors.probabilities],
    scratch: [tensors.keysAcross],
    rereads: [queries, k, v],
    backwardScratch: [tensors.valuesAcross, tensors.scores],
    forward: (binding) => wayForward(binding, shape, tensors),
    backward: (binding) => wayBack(binding, shape, tensors),
  });
}

interface Shape {
  readonly windows: number;
  readonly rows: number;
  readonly columns: number;
  readonly heads: number;
  /** Columns of a head. */
  readonly width: number;
  readonly causal: boolean;
}

type Tensors = Record<
  'q' | 'k' | 'v' | 'output' | 'probabilities' | 'keysAcross' | 'valuesAcross' | 'scores',
  Tensor
>;

/** The two matrix products of attention. */
function productsOf({ kernels }: Binding, { rows, columns, width }: Shape) {
  return {
    /** to (T, T) = a b^T, a a head's rows and `bAcross` (d, T) b transposed. */
    dots(to: number, a: number, bAcross: number): void {
      kernels.multiply(to, rows, a, columns, 1, bAcross, rows, 0, 0, rows, rows, width);
    },
    /** A head's rows = start + weights (T, T) times rows of `from`; exchanged steps read the weights transposed. */
    mix(to: number, weights: number, down: number, across: number, from: number, start: number) {
      const n = columns;
      kernels.multiply(to, n, weights, down, across, from, n, start, n, rows, width, rows);
    },
  };
}

function wayForward(binding: Binding, shape: Shape, tensors: Tensors): () => void {
  const { kernels, at } = binding;
  const { windows, rows, columns, heads, width } = shape;
  const { dots, mix } = productsOf(binding, shape);
  const [q, k, v, y] = [at(tensors.q), at(tensors.k), at(tensors.v), at(tensors.output)];
  const [probabilities, across] = [at(tensors.probabilities), at(tensors.keysAcross)];
  const [scale, causal] = [1 / Math.sqrt(width), shape.causal ? 1 : 0];
  const square = rows * rows;
  return () => {
    for (let b = 0; b < windows; b++) {
      const window = b * rows * columns;
      const p = probabilities + b * heads * square;
      kernels.transpose(across, k + window, columns, rows, columns);
      for (let h = 0; h < heads; h++) {
        dots(p + h * square, q + window + h * width, across + h * width * rows);
      }
      kernels.softmaxRows(p, p, heads * rows, rows, scale, causal);
      for (let h = 0; h < heads; h++) {
        const place = window + h * width;
        mix(y + place, p + h * square, rows, 1, v + place, 0);
      }
    }
  };
}

function wayBack(binding: Binding, shape: Shape, tensors: Tensors): () => void {
  const { kernels, at, gradientAt } = binding;
  const { windows, rows, columns, heads, width } = shape;
  const { dots, mix } = productsOf(binding, shape);
  const [q, k, v, dy] = [at(tensors.q), at(tensors.k), at(tensors.v), gradientAt(tensors.output)];
  const [dq, dk, dv] = [gradientAt(tensors.q), gradientAt(tensors.k), gradientAt(tensors.v)];
  const [probabilities, across] = [at(tensors.probabilities), at(tensors.valuesAcross)];
  const scores = at(tensors.scores);
  const scale = 1 / Math.sqrt(width);
  const square = rows * rows;

  const throughProbabilities = (window: number, p: number): void => {
    for (let h = 0; h < heads; h++) {
      const place = window + h * width;
      if (dv) mix(dv + place, p + h * square, 1, rows, dy + place, dv + place);
      dots(scores + h * square, dy + place, across + h * width * rows);
    }
  };
  const throughScores = (window: number): void => {
    for (let h = 0; h < heads; h++) {
      const place = window + h * width;
      const s = scores + h * square;
      if (dq) mix(dq + place, s, rows, 1, k + place, dq + place);
      if (dk) mix(dk + place, s, 1, rows, q + place, dk + place);
    }
  };
  return () => {
    for (let b = 0; b < windows; b++) {
      const window = b * rows * columns;
      const p = probabilities + b * heads * square;
      kernels.transpose(across, v + window, columns, rows, columns);
      throughProbabilities(window, p);
      kernels.softmaxBack(scores, scores, p, 0, heads * rows, rows, scale);
      throughScores(window);
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
