import { describe, expect, it } from 'vitest';
import { WeightsError } from '../../src/core/errors.ts';
import { plainKernels } from '../../src/engine/kernels/plain.ts';
import { createRandom } from '../../src/engine/random.ts';
import { fromTensors, initialise, toTensors } from '../../src/models/discriminator.ts';

const shape = { inputs: 6, hidden1: 5, hidden2: 4, slope: 0.2 };
const initialised = (seed: number) => {
  const kernels = plainKernels.discriminator(shape, 1);
  initialise(kernels.weights, shape, createRandom(seed).uniform);
  return kernels;
};

describe('discriminator', () => {
  it('starts within the bound of each layer and fills it', () => {
    const { weights } = initialised(1);
    const bounds = { w1: 6, b1: 6, w2: 5, b2: 5, w3: 4, b3: 4 };
    for (const [part, fanIn] of Object.entries(bounds)) {
      const cells = weights[part as keyof typeof bounds];
      for (const cell of cells) expect(Math.abs(cell)).toBeLessThanOrEqual(1 / Math.sqrt(fanIn));
    }
    expect(Math.max(...weights.w1)).toBeGreaterThan(0.7 / Math.sqrt(6));
    expect(Math.min(...weights.w1)).toBeLessThan(-0.7 / Math.sqrt(6));
  });

  it('starts equal for equal seeds and differs for others', () => {
    expect(initialised(1).weights.w1).toEqual(initialised(1).weights.w1);
    expect(initialised(1).weights.w1).not.toEqual(initialised(2).weights.w1);
  });

  it('computes the same after a round trip through tensors', () => {
    const from = initialised(3);
    const to = plainKernels.discriminator(shape, 1);
    fromTensors(toTensors(from.weights, shape, 'd'), 'd', to.weights);
    for (const kernels of [from, to]) {
      kernels.x.set([1, 2, 3, -1, -2, -3]);
      kernels.forward(1);
    }
    expect(to.logits[0]).toBe(from.logits[0]);
    expect(to.logits[0]).not.toBe(0);
  });

  it('names a missing tensor and one of another size', () => {
    const { weights } = initialised(1);
    const { 'd.b2': _, ...incomplete } = toTensors(weights, shape, 'd');
    expect(() => fromTensors(incomplete, 'd', weights)).toThrow(WeightsError);
    expect(() => fromTensors(incomplete, 'd', weights)).toThrow('lacks the tensor d.b2');
    const odd = {
      ...toTensors(weights, shape, 'd'),
      'd.w1': { shape: [2], data: new Float32Array(2) },
    };
    expect(() => fromTensors(odd, 'd', weights)).toThrow('d.w1 has 2 cells, its design needs 30');
  });
});
