// TensorFlow as an engine: it trains and scores the same networks in place of our own kernels. The interface of TensorFlow.js
// is an argument, so that the pure JavaScript build can replace TensorFlow's library.
import type { Kernels } from '../engine/discriminator-kernels.ts';
import { plainKernels } from '../engine/kernels/plain.ts';
import type { TensorFlow } from './tensorflow/api.ts';
import { tensorflowDiscriminator } from './tensorflow/discriminator.ts';
import { compileForTensorflow } from './tensorflow/program.ts';

/**
 * Computes on the backend that is set when a function is called. Numbers differ from those of our kernels by rounding,
 * and from one backend or processor to the next. Neighbours are searched by the plain kernels.
 */
export function tensorflowKernels(tf: TensorFlow): Kernels {
  return {
    name: 'tensorflow',
    compile: (tape, options) => compileForTensorflow(tf, tape, options),
    discriminator: (shape, maxBatch) => tensorflowDiscriminator(tf, shape, maxBatch),
    neighbours: plainKernels.neighbours,
    stretches: plainKernels.stretches,
  };
}
