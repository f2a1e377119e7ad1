import { describe, expect, it } from 'vitest';
import { type Bounds, gobi } from '../../../../src/lab/search/boshnas/climb.ts';

/** Curved a hundred times as much in one coordinate as in the other; its minimum is at (0.3, -0.2). */
function bowl(starts: readonly number[]) {
  const weights = Float64Array.from(starts);
  const gradients = new Float64Array(weights.length);
  const gradient = () => {
    for (let i = 0; i < weights.length; i += 2) {
      gradients[i] = (weights[i] as number) - 0.3;
      gradients[i + 1] = 100 * ((weights[i + 1] as number) + 0.2);
    }
  };
  return { weights, gradients, gradient };
}

const wide: Bounds = { least: Float64Array.of(-2, -2), most: Float64Array.of(2, 2) };

describe('gobi', () => {
  it('reaches the minimum of an uneven bowl from everywhere within 200 steps', () => {
    const target = bowl([-1, 1, 1.5, -1.5, 0, 0]);
    const steps = gobi(target, wide, { iterations: 200, secondOrder: true, seed: 1 });
    expect(steps).toBeLessThan(200);
    for (let i = 0; i < 6; i += 2) {
      expect(target.weights[i]).toBeCloseTo(0.3, 3);
      expect(target.weights[i + 1]).toBeCloseTo(-0.2, 3);
    }
  });

  it('stays within the bounds', () => {
    const narrow = { least: Float64Array.of(-2, 0), most: Float64Array.of(0, 2) };
    const target = bowl([-1, 1]);
    gobi(target, narrow, { iterations: 200, secondOrder: true, seed: 1 });
    expect(target.weights[0]).toBeCloseTo(0, 9);
    expect(target.weights[1]).toBeCloseTo(0, 9);
  });

  it('without curvature leaps over the valley, as far as the bounds let it', () => {
    const target = bowl([-1, 1]);
    gobi(target, wide, { iterations: 50, secondOrder: false, seed: 1 });
    expect(Math.abs(target.weights[1] as number)).toBe(2);
  });
});
