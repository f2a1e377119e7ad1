import { describe, expect, it } from 'vitest';
import { WeightsError } from '../../../src/core/errors.ts';
import { LinearDistances } from '../../../src/detectors/gon/linear.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';

const kernels = await loadKernels();
const channels = [
  { id: 'load', unit: '' },
  { id: 'heat', unit: '' },
];
// Two rows of two channels; normal windows have heat equal to load, around 1.
const half = Math.SQRT1_2;
const tensors = {
  'linear.mean': { shape: [4], data: Float32Array.of(1, 1, 1, 1) },
  'linear.components': { shape: [2, 4], data: Float32Array.of(half, half, 0, 0, 0, 0, half, half) },
};
const design = { length: 2, components: 2, halfLives: [0, 1], weight: 0.5 };

function measured(...values: number[]): LinearDistances {
  const distances = new LinearDistances({ channels, tensors }, design, kernels);
  distances.measure(Float32Array.from(values), values.length);
  return distances;
}

describe('linear member of a GON', () => {
  it('finds nothing in a load that only grows, however far', () => {
    const { views, expected } = measured(50, 50, 90, 90);
    for (const distance of views.perView) expect(distance).toBeCloseTo(0, 6);
    expect(expected[0]).toBeCloseTo(90, 3);
  });

  it('finds what leaves the span, in both channels that disagree, and by each view', () => {
    const { views, expected } = measured(1, 1, 3, 1);
    // The newest row is 1 away from (2, 2) in each channel; with half-life 1 it counts two thirds.
    expect([...views.perView].map((distance) => Number(distance.toFixed(5)))).toEqual([
      1, 1, 0.66667, 0.66667,
    ]);
    expect([...expected].map((value) => Number(value.toFixed(5)))).toEqual([2, 2]);
  });

  it('looks at the newest rows alone', () => {
    expect(measured(9, -9, 1, 1, 1, 1).views.perView[0]).toBeCloseTo(0, 6);
  });

  it('refuses tensors of another size', () => {
    const wider = { ...design, components: 3 };
    expect(() => new LinearDistances({ channels, tensors }, wider, kernels)).toThrow(WeightsError);
  });
});
