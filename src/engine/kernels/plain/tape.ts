// The engine of tapes without WebAssembly: plain loops over one array. With `Float64Array` nothing is rounded in between.
import type { Floats } from '../../floats.ts';
import type { TapeEngine } from '../../tape/kernels.ts';
import { ALIGNMENT } from '../../tape/memory-plan.ts';
import { requireRoom } from '../check.ts';
import { plainActivations } from './tape/activations.ts';
import { plainConvolutions } from './tape/convolutions.ts';
import { plainBlocks, plainDropout, plainElements } from './tape/elements.ts';
import { plainKeptProducts, plainKeptValues } from './tape/kept-products.ts';
import { plainLayerNorm } from './tape/layer-norm.ts';
import { plainLosses } from './tape/losses.ts';
import { plainPooling } from './tape/pooling.ts';
import { plainProducts } from './tape/products.ts';
import { plainSoftmax } from './tape/softmax.ts';

export function plainTape<A extends Floats>(FloatArray: new (length: number) => A): TapeEngine<A> {
  return {
    name: 'plain',
    instance(elements) {
      requireRoom(elements);
      const memory = new FloatArray(ALIGNMENT + elements);
      const products = plainProducts(memory);
      const softmax = plainSoftmax(memory);
      return {
        memory,
        base: ALIGNMENT,
        kernels: {
          ...products,
          ...softmax,
          ...plainKeptProducts(memory, products, softmax),
          ...plainKeptValues(memory),
          ...plainLosses(memory),
          ...plainPooling(memory),
          ...plainConvolutions(memory),
          ...plainElements(memory),
          ...plainBlocks(memory),
          ...plainActivations(memory),
          ...plainDropout(memory),
          ...plainLayerNorm(memory),
        },
      };
    },
  };
}
