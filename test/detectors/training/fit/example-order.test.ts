import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleOrder } from '../../../../src/detectors/training/fit/example-order.ts';

const cases = fc.record({
  count: fc.integer({ min: 1, max: 20 }),
  batch: fc.integer({ min: 1, max: 30 }),
  seed: fc.nat(1000),
  steps: fc.integer({ min: 0, max: 12 }),
});

describe('exampleOrder', () => {
  it('meets each example once a pass, whatever the batch', () => {
    fc.assert(
      fc.property(cases, ({ count, batch, seed }) => {
        const order = exampleOrder(count, batch, seed);
        const met = Array.from({ length: 3 * count }, () => [...order.next()]).flat();
        for (let pass = 0; pass < 3; pass++) {
          const seen = met.slice(pass * count, (pass + 1) * count).sort((a, b) => a - b);
          expect(seen).toEqual(Array.from({ length: count }, (_, i) => i));
        }
      }),
    );
  });

  it('shuffles: passes differ from each other, and seeds too', () => {
    const order = exampleOrder(20, 20, 1);
    const first = [...order.next()];
    expect([...order.next()]).not.toEqual(first);
    expect([...exampleOrder(20, 20, 2).next()]).not.toEqual(first);
    expect([...exampleOrder(20, 20, 1).next()]).toEqual(first);
  });

  it('goes on from a state as if it had never stopped', () => {
    fc.assert(
      fc.property(cases, ({ count, batch, seed, steps }) => {
        const order = exampleOrder(count, batch, seed);
        for (let step = 0; step < steps; step++) order.next();
        const resumed = exampleOrder(count, batch, order.state(), steps * batch);
        expect(resumed.state()).toEqual(order.state());
        for (let step = 0; step < 5; step++) expect([...resumed.next()]).toEqual([...order.next()]);
      }),
    );
  });
});
