import { describe, expect, it } from 'vitest';
import { WeightsError } from '../../../src/core/errors.ts';
import { adamw } from '../../../src/engine/optimisers/adam.ts';
import { rateGroups } from '../../../src/engine/optimisers/optimiser.ts';
import { sgd } from '../../../src/engine/optimisers/sgd.ts';

const trainable = () => ({ weights: Float64Array.of(1, 2), gradients: Float64Array.of(1, -1) });

describe('rate groups', () => {
  it('step each at its own share of the rate', () => {
    const [slow, quick, still] = [trainable(), trainable(), trainable()];
    const groups = rateGroups([
      { optimiser: sgd(slow, { rate: 1 }), factor: 0.5 },
      { optimiser: sgd(quick, { rate: 1 }), factor: 1 },
      { optimiser: adamw(still), factor: 0 },
    ]);
    groups.step(0.25);
    expect([...slow.weights]).toEqual([0.875, 2.125]);
    expect([...quick.weights]).toEqual([0.75, 2.25]);
    expect([...still.weights]).toEqual([1, 2]);
  });

  it('go on with the same bits when they are restored', () => {
    const make = (targets: ReturnType<typeof trainable>[]) =>
      rateGroups(targets.map((target, i) => ({ optimiser: adamw(target), factor: 1 + i })));
    const [a, b] = [trainable(), trainable()];
    const first = make([a, b]);
    first.step(0.1);
    const [c, d] = [trainable(), trainable()];
    const second = make([c, d]);
    c.weights.set(a.weights);
    d.weights.set(b.weights);
    second.restore(first.state());
    for (const optimiser of [first, second]) optimiser.step(0.1);
    expect([c.weights, d.weights]).toEqual([a.weights, b.weights]);
    expect(c.weights).not.toEqual(d.weights);
    expect(() => second.restore(new Map())).toThrow(WeightsError);
  });
});
