import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WeightsError } from '../../../src/core/errors.ts';
import { adahessian } from '../../../src/engine/optimisers/adahessian.ts';
import { adam, adamw } from '../../../src/engine/optimisers/adam.ts';
import type { Differentiable } from '../../../src/engine/optimisers/differentiable.ts';
import type { Optimiser } from '../../../src/engine/optimisers/optimiser.ts';
import { sgd } from '../../../src/engine/optimisers/sgd.ts';
import { golden } from '../../golden/read.ts';
import { relativeError } from '../ops/check-op.ts';
import { kinds } from './kinds.ts';
import { bowl, valley } from './valley.ts';

type Paths = Readonly<Record<string, readonly number[][]>>;

const { start, first, second, seed, tolerance } = golden<{
  start: number[];
  first: Paths;
  second: Paths;
  seed: number;
  tolerance: { first: number; second: number };
}>('optimisers.json');

/** The options of scripts/golden/optimisers.py. */
const made: Readonly<Record<string, (target: Differentiable) => Optimiser>> = {
  sgd: (target) => sgd(target, { rate: 2e-3 }),
  'sgd momentum': (target) => sgd(target, { rate: 1e-3, momentum: 0.8, weightDecay: 0.03 }),
  'sgd nesterov': (target) =>
    sgd(target, { rate: 1e-3, momentum: 0.8, nesterov: true, weightDecay: 0.03 }),
  adam: (target) => adam(target, { ...moments, weightDecay: 0.05 }),
  adamw: (target) => adamw(target, { ...moments, weightDecay: 0.05 }),
  'adamw defaults': (target) => adamw(target),
  adahessian: (target) => adahessian(target, { seed }),
  'adahessian decay': (target) =>
    adahessian(target, { seed, rate: 0.1, power: 0.5, weightDecay: 0.05 }),
  'adahessian average': (target) =>
    adahessian(
      { ...target, parts: [{ from: 0, shape: [3, 4] }] },
      { seed, rate: 0.1, power: 0.7, spatialAverage: true },
    ),
};
const moments = { rate: 0.02, meanDecay: 0.8, squareDecay: 0.99, epsilon: 1e-6 };

function steps(target: Differentiable, optimiser: Optimiser, count: number): void {
  for (let i = 0; i < count; i++) {
    target.gradient();
    optimiser.step();
  }
}

describe('optimisers', () => {
  it.each([
    ...Object.entries(first).map(([name, path]) => ({ name, path, within: tolerance.first })),
    ...Object.entries(second).map(([name, path]) => ({ name, path, within: tolerance.second })),
  ])('walks as PyTorch does: $name', ({ name, path, within }) => {
    const target = valley(start);
    const optimiser = made[name]?.(target);
    if (!optimiser) throw new Error(`the golden file has ${name}, the test has not`);
    for (const wanted of path) {
      steps(target, optimiser, 1);
      expect(relativeError(target.weights, Float64Array.from(wanted))).toBeLessThan(within);
    }
  });

  describe.each(Object.entries(kinds))('%s', (_, create) => {
    const weights = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
      minLength: 1,
      maxLength: 9,
    });

    it('stays where the gradient is 0, unless weights decay', () => {
      fc.assert(
        fc.property(weights, (values) => {
          const flat = bowl(
            values.map(() => 0),
            values,
          );
          steps(flat, create(flat), 3);
          expect(flat.weights.every((w, i) => w === values[i])).toBe(true);
          const decaying = bowl(
            values.map(() => 0),
            values,
          );
          steps(decaying, create(decaying, 0.1), 3);
          for (const [i, value] of values.entries()) {
            // Adam's first steps are as long as its rate, and may pass 0.
            if (Math.abs(value) < 0.1) continue;
            expect(Math.abs(decaying.weights[i] as number)).toBeLessThan(Math.abs(value));
          }
        }),
      );
    });

    it('goes on from a saved state as if it had never stopped', () => {
      const whole = valley(start);
      const uninterrupted = create(whole);
      steps(whole, uninterrupted, 7);
      const saved = uninterrupted.state();
      const place = whole.weights.slice();
      steps(whole, uninterrupted, 20);

      const resumed = valley([...place]);
      const other = create(resumed);
      other.restore(saved);
      steps(resumed, other, 20);
      expect(resumed.weights).toEqual(whole.weights);
      expect(other.state()).toEqual(uninterrupted.state());
    });

    it('refuses gradients of another length, and states of others', () => {
      expect(() => create({ ...valley(start), gradients: new Float64Array(3) })).toThrow(
        RangeError,
      );
      const own = create(valley(start));
      const foreign = new Map([['speed', new Float64Array(3)]]);
      expect(() => own.restore(foreign)).toThrow(WeightsError);
      const smaller = create(valley([1, 2])).state();
      // Without momentum there is nothing to remember, for any number of weights.
      if ([...smaller.values()].some(({ length }) => length === 2)) {
        expect(() => own.restore(smaller)).toThrow('belongs to another optimiser or network');
      }
    });

    it('takes a rate for one step', () => {
      const target = valley(start);
      target.gradient();
      create(target).step(0);
      expect([...target.weights]).toEqual(start);
    });
  });

  it('refuse options that are none', () => {
    const target = valley(start);
    expect(() => sgd(target, { rate: Number.NaN })).toThrow('rate is NaN');
    expect(() => sgd(target, { rate: 1, momentum: 1 })).toThrow(
      'momentum is 1, must be at least 0 and below 1',
    );
    expect(() => adam(target, { squareDecay: -0.1 })).toThrow(RangeError);
    expect(() => adahessian(target, { seed: 1, power: 2 })).toThrow('power is 2, must be 0 to 1');
  });
});

describe('adahessian', () => {
  /** Steps until every weight is a thousandth of what it was, or Infinity after `most`. */
  function stepsToBottom(create: (target: Differentiable) => Optimiser, most: number): number {
    const far = [3, -1, 0.2, 30];
    const target = bowl([1e4, 1e2, 1, 1e-2], far);
    const optimiser = create(target);
    for (let step = 1; step <= most; step++) {
      steps(target, optimiser, 1);
      const isDown = (w: number, i: number) => Math.abs(w) < 1e-3 * Math.abs(far[i] as number);
      if (target.weights.every(isDown)) return step;
    }
    return Number.POSITIVE_INFINITY;
  }

  it('finds the diagonal of a Hessian that is one', () => {
    const curvatures = [1e4, -100, 1, 1e-2];
    const target = bowl(curvatures, [1, 1, 1, 1]);
    const optimiser = adahessian(target, { seed: 1, squareDecay: 0 });
    steps(target, optimiser, 1);
    const found = (optimiser.state().get('square') ?? new Float64Array()).map(Math.sqrt);
    for (const [i, value] of found.entries()) {
      const wanted = Math.abs(curvatures[i] as number);
      expect(Math.abs(value / wanted - 1)).toBeLessThan(1e-6);
    }
  });

  it('goes down a valley of condition number 1e6 in fewer steps than first order at any rate', () => {
    const second = stepsToBottom((target) => adahessian(target, { rate: 0.5, seed: 1 }), 100);
    expect(second).toBeLessThan(100);
    // The best rate of descent on a quadratic is 2 / (least + greatest curvature).
    const descents: ((target: Differentiable) => Optimiser)[] = [
      (target) => sgd(target, { rate: 2 / (1e4 + 1e-2) }),
      (target) => sgd(target, { rate: 2e-4, momentum: 0.99 }),
    ];
    for (const rival of descents) expect(stepsToBottom(rival, 2000)).toBe(Number.POSITIVE_INFINITY);
    for (const rate of [3, 1, 0.3, 0.1, 0.03, 0.01]) {
      const first = stepsToBottom((target) => adam(target, { rate }), 2000);
      expect(first).toBeGreaterThan(1.5 * second);
    }
  });
});
