// The last step of ConvBERT's span-based dynamic convolution: every row has its own kernels, one per head, with which its
// neighbours are weighted.
//
// Notation   v and y (B, T, H), d = H / heads columns a head, kernels (B, T, heads K), P = softmax over each K of them
//            y_i = sum_k P_ik v_(i + k - before), by heads
import type { Binding, Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import { asWindows, requireCount, widthOfHeads } from './axes.ts';
import { reachOf } from './taps.ts';

export interface DynamicConvolutionOptions {
  /** Must divide the columns. */
  readonly heads: number;
  /** Rows that a kernel weighs. */
  readonly size: number;
  /** Whether a row reads only itself and earlier rows; otherwise as many later ones. */
  readonly causal?: boolean;
}

/**
 * Jiang et al. 2020, "ConvBERT: Improving BERT with span-based dynamic convolution", with kernels as an input: a
 * depthwise and a pointwise convolution of the keys, times the queries, through a `linear` without softmax. Rows outside
 * of the window count as zeros and keep their share of the weights, as in the original.
 */
export function dynamicConv(
  tape: Tape,
  values: Tensor,
  kernels: Tensor,
  { heads, size, causal = false }: DynamicConvolutionOptions,
): Tensor {
  const [windows, rows, columns] = asWindows(values);
  const width = widthOfHeads(columns, heads);
  requireCount('the size of a kernel', size);
  const wanted = [windows, rows, heads * size].join('x');
  if (kernels.shape.join('x') !== wanted) {
    throw new RangeError(`the kernels are ${kernels.shape.join('x')}, they must be ${wanted}`);
  }
  const { before } = reachOf(size, 1, causal);
  const shape = { windows, rows, heads, width, size, before };
  const output = tape.value(values.shape);
  const weights = tape.value(kernels.shape);
  const tensors = { values, kernels, output, weights, weightsGradient: tape.value(kernels.shape) };
  return tape.record({
    kind: 'dynamic-conv',
    attributes: { heads, size, causal },
    inputs: [values, kernels],
    output,
    saved: [weights],
    rereads: [values],
    backwardScratch: [tensors.weightsGradient],
    forward({ kernels: run, at }) {
      const [v, k, y, p] = [at(values), at(kernels), at(output), at(weights)];
      return () => {
        run.softmaxRows(p, k, windows * rows * heads, size, 1, 0);
        run.mixRows(y, v, p, windows, rows, heads, width, size, before);
      };
    },
    backward: (binding) => wayBack(binding, shape, tensors),
  });
}

function wayBack(
  { kernels: run, at, gradientAt }: Binding,
  shape: Record<'windows' | 'rows' | 'heads' | 'width' | 'size' | 'before', number>,
  tensors: Record<'values' | 'kernels' | 'output' | 'weights' | 'weightsGradient', Tensor>,
): () => void {
  const { windows, rows, heads, width, size, before } = shape;
  const [v, p, dp] = [at(tensors.values), at(tensors.weights), at(tensors.weightsGradient)];
  const dy = gradientAt(tensors.output);
  const [dv, dk] = [gradientAt(tensors.values), gradientAt(tensors.kernels)];
  return () => {
    if (dv) run.mixRowsBack(dv, dy, p, windows, rows, heads, width, size, before);
    if (!dk) return;
    run.mixWeights(dp, dy, v, windows, rows, heads, width, size, before);
    run.softmaxBack(dk, dp, p, dk, windows * rows * heads, size, 1);
  };
}
