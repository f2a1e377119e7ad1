import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { ANALYTIC_FEATURES, analyticFeatures } from '../../../src/lab/profiler/designs.ts';
import { networkBytes, recordNetwork } from '../../../src/lab/profiler/network.ts';
import { macsByRate, macsOf, workOf } from '../../../src/lab/profiler/work.ts';
import { cnnMacs, cnnWidth } from '../../../src/models/cnn.ts';
import { type DesignPoint, HEADS } from '../../../src/models/design-point.ts';
import { encoderMacs } from '../../../src/models/encoder.ts';
import { SEARCHED } from '../../models/cnn-points.ts';
import { network } from './cases.ts';

const heads = fc.array(fc.constantFrom(...HEADS.filter(({ op }) => op !== 'convolution')), {
  minLength: 1,
  maxLength: 4,
});

describe('work', () => {
  it('shares all multiplications of the encoder and the forecast out to heads and the rest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), heads, (layers, mixed) => {
        const asked = network(layers, 24, mixed.length === 4 ? mixed : mixed.slice(0, 1));
        const { operations, otherMacs } = workOf(asked);
        const shared = [...operations.values()].reduce((sum, macs) => sum + macs, otherMacs);
        expect(shared).toBe(macsOf(asked));
        const { point } = asked;
        const body = encoderMacs(point as DesignPoint, asked);
        expect(shared).toBe(body + 24 * asked.horizon * asked.width);
      }),
      { numRuns: 30 },
    );
  });

  it('shares out those of a convolutional network by operation and by rate', () => {
    const shape = { rows: 24, patch: 1, width: 3, horizon: 1 };
    const { operations, otherMacs } = workOf({ point: SEARCHED, ...shape });
    const shared = [...operations.values()].reduce((sum, macs) => sum + macs, otherMacs);
    expect(shared).toBe(cnnMacs(SEARCHED, shape) + cnnWidth(SEARCHED) * 3);
    expect(shared).toBe(macsOf({ point: SEARCHED, ...shape }));
    const rates = macsByRate({ operations, otherMacs });
    expect([...rates.keys()].sort()).toEqual(['conv1d', 'projection', 'separable']);
    expect([...rates.values()].reduce((sum, macs) => sum + macs)).toBe(shared);
    // Encoders have convolutions of that name, at a rate of their own.
    expect(operations.has('convolution-9')).toBe(false);
  });

  it('counts the bytes of all weights', () => {
    const asked = network(2);
    const { tape, output } = recordNetwork(asked);
    const { parameters } = plainKernels.compile(tape, { outputs: [output] });
    const bytes = parameters.reduce((sum, { values }) => sum + values.byteLength, 0);
    expect(workOf(asked).parameterBytes).toBe(bytes);
  });

  it('grows by the same calls with each layer', () => {
    const [one, two, three] = [1, 2, 3].map((layers) => workOf(network(layers)).calls);
    expect((two ?? 0) - (one ?? 0)).toBe((three ?? 0) - (two ?? 0));
    expect(two).toBeGreaterThan(one ?? 0);
  });
});

describe('memory of a network', () => {
  it('is what a compiled program says it takes', () => {
    const recorded = recordNetwork(network(2, 16));
    const { elements } = plainKernels.compile(recorded.tape, { outputs: [recorded.output] });
    expect(networkBytes(recorded)).toBe(4 * elements);
  });
});

describe('analytic features', () => {
  it('are one row a design, with a name for each column', () => {
    const { values, width } = analyticFeatures([network(1), network(2), network(3)]);
    expect(width).toBe(ANALYTIC_FEATURES.length);
    expect(values.length).toBe(3 * width);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it('tell designs apart that differ in one head', () => {
    const [a, b] = [HEADS[0], HEADS[2]].map(
      (head) => analyticFeatures([network(1, 8, head ? [head] : [])]).values,
    );
    expect(a).not.toEqual(b);
  });
});
