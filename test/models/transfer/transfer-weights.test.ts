import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encoderBody, forecastNetwork } from '../../../src/detectors/networks/forecast.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { type DesignPoint, HEADS } from '../../../src/models/design-point.ts';
import { initialiseNetwork } from '../../../src/models/layers.ts';
import type { ModelTensor } from '../../../src/models/model.ts';
import type { TransferMode } from '../../../src/models/transfer/lineage.ts';
import {
  overlapOf,
  type TransferOptions,
  transferWeights,
} from '../../../src/models/transfer/transfer-weights.ts';
import { EVERYTHING } from '../encoder-points.ts';

const kernels = await loadKernels();
const ROWS = 26;
const ordered = { mode: 'ordered', seed: 1 } as const;

function networkOf(point: DesignPoint, seed: number, patch = 2) {
  const body = encoderBody({ point, patch });
  const { tape, input, output } = forecastNetwork(body, { rows: ROWS, horizon: 1 }, 3, 1);
  const program = kernels.compile(tape, { outputs: [output] });
  initialiseNetwork(program.parameters, createRandom(seed));
  const weights = program.parameters;
  const tensors: Record<string, ModelTensor> = Object.fromEntries(
    weights.map(({ name, shape, values }) => [name, { shape, data: values.slice() }]),
  );
  const forecast = (): number[] => {
    program.valuesOf(input).set(Float32Array.from({ length: 3 * ROWS }, (_, i) => Math.sin(i)));
    program.forward();
    return [...program.valuesOf(output)];
  };
  return { point, weights, tensors, forecast };
}

/** A child all of whose weights are NaN but for those that were transferred. */
function offspring(
  parent: ReturnType<typeof networkOf>,
  point: DesignPoint,
  options: TransferOptions,
) {
  const child = networkOf(point, 9);
  for (const { values } of child.weights) values.fill(Number.NaN);
  const transferred = transferWeights(parent, child, options);
  const of = (name: string) => child.weights.find((one) => one.name === name)?.values ?? [];
  const copied = child.weights.reduce(
    (sum, { values }) => sum + values.filter((value) => !Number.isNaN(value)).length,
    0,
  );
  return { child, transferred, copied, of };
}

const NARROWED = { op: 'attention', form: 'scaled', queryWidth: 2, valueWidth: 4 } as const;

const designs: fc.Arbitrary<DesignPoint> = fc
  .array(
    fc.record({
      hidden: fc.constantFrom(12, 24),
      heads: fc.array(fc.constantFrom(...HEADS, NARROWED), { minLength: 1, maxLength: 3 }),
      headWidth: fc.option(fc.constantFrom(3, 5), { nil: undefined }),
      feedForward: fc.array(fc.integer({ min: 4, max: 7 }), { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((layers) => ({ layers }));

describe('the transfer of weights', () => {
  it.each(['ordered', 'projected'] as const)(
    'to the same design, %s, keeps its outputs to the bit',
    (mode) => {
      const parent = networkOf(EVERYTHING, 1);
      const child = networkOf(EVERYTHING, 2);
      expect(child.forecast()).not.toEqual(parent.forecast());
      const { weights, of } = transferWeights(parent, child, { mode, seed: 1 });
      expect(weights / of).toBe(1);
      expect(child.forecast()).toEqual(parent.forecast());
    },
  );

  it('to a design with the same heads in another order keeps its outputs, where heads do not mix', () => {
    const [layer] = EVERYTHING.layers;
    if (!layer) throw new RangeError('no layer');
    const point = { layers: [{ ...layer, heads: layer.heads.toReversed() }] };
    const parent = networkOf({ layers: [layer] }, 1);
    const child = networkOf(point, 2);
    const { weights, of } = transferWeights(parent, child, ordered);
    expect(weights).toBe(of);
    const wanted = parent.forecast();
    child.forecast().forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i] ?? Number.NaN, 5);
    });
  });

  it('says how many weights are transferred, as counted again and as foreseen', () => {
    fc.assert(
      fc.property(
        designs,
        designs,
        fc.constantFrom<TransferMode>('ordered', 'projected'),
        (a, b, mode) => {
          const parent = networkOf(a, 1);
          const { child, transferred, copied } = offspring(parent, b, { mode, seed: 3 });
          expect(transferred.weights).toBe(copied);
          expect(overlapOf(parent, child, mode)).toEqual(transferred);
          expect(transferred.of).toBe(
            child.weights.reduce((sum, { values }) => sum + values.length, 0),
          );
        },
      ),
      { numRuns: 10 },
    );
  });

  const scaled = { op: 'attention', form: 'scaled' } as const;
  const dct = { op: 'transform', basis: 'dct' } as const;
  const layer = { hidden: 8, heads: [scaled, scaled], feedForward: [6] };

  it('ordered copies the leading rows and columns where widths differ', () => {
    const parent = networkOf({ layers: [layer] }, 1);
    const narrow = { hidden: 4, heads: [scaled, dct], feedForward: [9, 5] };
    const { of } = offspring(parent, { layers: [narrow] }, ordered);
    const old = (name: string, at: number) => parent.tensors[name]?.data[at];
    // (6, 8) to (6, 4)
    expect(of('embedding.weights')[4 * 3 + 2]).toBe(old('embedding.weights', 8 * 3 + 2));
    // The one head that both have: (8, 2 x 4) to (4, 1 x 2)
    const query = 'layer1.heads1.attention-scaled.query.weights';
    expect([...of(query)]).toEqual([0, 1, 8, 9, 16, 17, 24, 25].map((at) => old(query, at)));
    expect(of('layer1.heads2.transform-dct.value.weights')).toEqual(new Float32Array(8).fill(NaN));
    // What leads from the new head is not known, what leads from the old is.
    const joined = [...of('layer1.heads.output.weights')];
    expect(joined.slice(0, 4)).toEqual(
      [0, 1, 2, 3].map((at) => old('layer1.heads.output.weights', at)),
    );
    expect(joined.slice(8)).toEqual(Array(8).fill(NaN));
    // (8, 6) to (4, 9)
    const feed = [...of('layer1.feed1.weights')];
    expect(feed.slice(9, 15)).toEqual(
      [6, 7, 8, 9, 10, 11].map((at) => old('layer1.feed1.weights', at)),
    );
    expect(feed.slice(15, 18)).toEqual([NaN, NaN, NaN]);
    expect([...of('layer1.feed2.weights')]).toEqual(Array(45).fill(NaN));
  });

  it('follows the heads that are said to be left', () => {
    const parent = networkOf({ layers: [layer] }, 1);
    const child = { ...layer, heads: [scaled], headWidth: 4 };
    const lineage = [{ layer: 0, heads: [1] }];
    const { of } = offspring(parent, { layers: [child] }, { ...ordered, lineage });
    const query = 'layer1.heads1.attention-scaled.query.bias';
    expect([...of(query)]).toEqual([...(parent.tensors[query]?.data.slice(4) ?? [])]);
  });

  it('writes out what leads from one width to another where it was not needed before', () => {
    const parent = networkOf({ layers: [layer, layer] }, 1);
    const child = { layers: [layer, { ...layer, hidden: 6 }] };
    const { of } = offspring(parent, child, ordered);
    const widen = of('layer2.widen.weights');
    expect([...widen]).toEqual(
      Array.from({ length: 48 }, (_, i) => Number(Math.floor(i / 6) === i % 6)),
    );
  });

  it('projected reads what it writes: on average the same', () => {
    const parent = networkOf({ layers: [{ ...layer, heads: [scaled] }] }, 1);
    const wide = { ...layer, hidden: 480, heads: [scaled], headWidth: 8 };
    const { of } = offspring(parent, { layers: [wide] }, { mode: 'projected', seed: 1 });
    const query = 'layer1.heads1.attention-scaled.query.weights';
    const old = matrixProduct(
      parent.tensors['embedding.weights']?.data,
      parent.tensors[query]?.data,
      8,
    );
    const now = matrixProduct(of('embedding.weights'), of(query), 480);
    const off = now.map((value, i) => value - (old[i] ?? NaN));
    // The variance of R^T R is about 1 / 480 for each of 8 products of two weights.
    expect(norm(off) / norm(old)).toBeLessThan(0.25);
    expect(norm(old)).toBeGreaterThan(1);
  });

  it('leaves alone what depends on windows of another shape', () => {
    const parent = networkOf({ layers: [layer] }, 1, 1);
    const { of } = offspring(parent, { layers: [layer] }, ordered);
    expect([...of('embedding.positions')].every(Number.isNaN)).toBe(true);
    expect([...of('embedding.weights')].every(Number.isNaN)).toBe(true);
    expect([...of('norm.gain')]).toEqual(Array(8).fill(1));
  });
});

/** (6, inner) times (inner, 8). */
function matrixProduct(
  a: ArrayLike<number> = [],
  b: ArrayLike<number> = [],
  inner: number,
): number[] {
  return Array.from({ length: 48 }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < inner; k++)
      sum += (a[Math.floor(i / 8) * inner + k] ?? NaN) * (b[k * 8 + (i % 8)] ?? NaN);
    return sum;
  });
}

function norm(values: readonly number[]): number {
  return Math.hypot(...values);
}
