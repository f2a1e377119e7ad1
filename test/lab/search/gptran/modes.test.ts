import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import type { ModeContext } from '../../../../src/lab/search/gptran/contract.ts';
import {
  type EncoderGrowthOptions,
  encoderGrowth,
} from '../../../../src/lab/search/gptran/encoder-modes.ts';
import {
  type DesignPoint,
  designPointSchema,
  HEADS,
  headWidthOf,
  nameOf,
  requireLegal,
} from '../../../../src/models/design-point.ts';
import { options, relative, START } from './growths.ts';

const PATCHES = 8;
const context = (
  changed: object = {},
  tried: readonly string[] = [],
): ModeContext<EncoderGrowthOptions> => ({
  options: options(changed),
  random: createRandom(1),
  patches: PATCHES,
  tried: new Set(tried),
});
const offspring = (mode: string, ...[parent, given]: Parameters<Mode['offspring']>) =>
  encoderGrowth.modes.get(mode)?.offspring(parent, given) ?? expect.fail(mode);
type Mode = NonNullable<ReturnType<typeof encoderGrowth.modes.get>>;
const names = ({ layers }: DesignPoint) => layers.map(({ heads }) => heads.map(nameOf));

const designs: fc.Arbitrary<DesignPoint> = fc
  .array(
    fc.record({
      hidden: fc.constantFrom(12, 24),
      heads: fc.array(fc.constantFrom(...HEADS.slice(0, 5)), { minLength: 1, maxLength: 3 }),
      feedForward: fc.array(fc.integer({ min: 8, max: 20 }), { minLength: 1, maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((layers) => ({ layers }));

describe('modes of growth', () => {
  it.each([...encoderGrowth.modes.keys()])(
    '%s: makes legal designs, each different and of known descent',
    (mode) => {
      fc.assert(
        fc.property(designs, (point) => {
          const children = offspring(mode, relative(point), context({ prunedHeads: 3 }));
          expect(new Set(children.map(({ change }) => change)).size).toBe(children.length);
          for (const child of children) {
            expect(designPointSchema.safeParse(child.point).success).toBe(true);
            requireLegal(child.point, PATCHES);
            child.point.layers.forEach(({ heads }, i) => {
              const from = child.lineage[i];
              expect(from?.layer).toBe(i);
              expect(from?.heads).toHaveLength(heads.length);
              from?.heads.forEach((old, head) => {
                if (old === undefined) return;
                expect(point.layers[i]?.heads[old]).toEqual(heads[head]);
              });
            });
          }
        }),
        { numRuns: 5 },
      );
    },
  );

  it('grow-head adds one head and changes no width; no kernel is longer than the patches', () => {
    const all = offspring('grow-head', relative(START), context({ samples: 99 }));
    // Five kinds fit on eight patches, in two layers.
    expect(all).toHaveLength(10);
    for (const { point } of all) {
      expect(names(point).flat().length).toBe(4);
      point.layers.forEach((layer, i) => {
        expect(layer.hidden).toBe(START.layers[i]?.hidden);
        expect(headWidthOf(layer)).toBe(i === 0 ? 4 : 12);
      });
    }
    const left = context({ samples: 99 }, [all[0]?.change ?? '']);
    expect(offspring('grow-head', relative(START), left)).toHaveLength(9);
  });

  it('grow-feed-forward appends a layer, and none behind one that is wider than all it may append', () => {
    const all = offspring('grow-feed-forward', relative(START), context({ samples: 99 }));
    expect(all.map(({ point }) => point.layers.map(({ feedForward }) => feedForward))).toEqual(
      expect.arrayContaining([
        [[32, 32], [24]],
        [[32, 64], [24]],
        [[32], [24, 32]],
        [[32], [24, 64]],
      ]),
    );
    const narrow = context({ samples: 99, feedForward: [24] });
    expect(offspring('grow-feed-forward', relative(START), narrow)).toHaveLength(1);
  });

  it('prune-head drops the heads with the least weights, keeps their width, and leaves one', () => {
    const weak = relative(START, (name) => (name.includes('heads1.attention') ? 0.01 : undefined));
    const [child, ...others] = offspring('prune-head', weak, context());
    expect(others).toEqual([]);
    expect(names(child?.point ?? START)).toEqual([['transform-dct'], ['transform-dct']]);
    expect(child?.point.layers[0]).toMatchObject({ hidden: 8, headWidth: 4 });
    expect(child?.lineage[0]?.heads).toEqual([1]);
    expect(offspring('prune-head', relative(child?.point ?? START), context())).toEqual([]);
    // What leads out of a head says nothing of it.
    const output = relative(START, (name, i) =>
      name.endsWith('heads.output.weights') && i < 32 ? 0 : undefined,
    );
    expect(offspring('prune-head', output, context())).toEqual(
      offspring('prune-head', relative(START), context()),
    );
  });

  it('prune-feed-forward narrows the stacks with the least weights, never below eight', () => {
    const point = { layers: [{ ...START.layers[0], feedForward: [32, 15, 24] }, START.layers[1]] };
    const weak = relative(point as DesignPoint, (name) =>
      /layer1.feed[23].weights|layer2.feed1.weights/.test(name) ? 0.01 : undefined,
    );
    const [child] = offspring('prune-feed-forward', weak, context());
    expect(child?.point.layers.map(({ feedForward }) => feedForward)).toEqual([[32, 15, 16], [16]]);
    const least = { layers: [{ hidden: 8, heads: HEADS.slice(0, 1), feedForward: [8] }] };
    expect(offspring('prune-feed-forward', relative(least), context())).toEqual([]);
  });

  it.each([...encoderGrowth.modes.keys()])('%s: keeps the activation of the network', (mode) => {
    const wide = START.layers.map((layer) => ({ ...layer, hidden: 24 }));
    const parent = relative({ layers: wide, activation: 'relu' });
    const children = offspring(mode, parent, context());
    expect(children.length).toBeGreaterThan(0);
    for (const { point } of children) expect(point.activation).toBe('relu');
  });

  it('prune-width narrows the layer with the least weights, and its heads', () => {
    const point = { layers: START.layers.map((layer) => ({ ...layer, hidden: 24 })) };
    const weak = relative(point, (name) => (/^layer1/.test(name) ? 0.01 : undefined));
    const [child] = offspring('prune-width', weak, context());
    expect(child?.point.layers.map(({ hidden }) => hidden)).toEqual([16, 24]);
    expect(child?.point.layers.map(headWidthOf)).toEqual([8, 24]);
    expect(offspring('prune-width', relative(START), context())).toEqual([]);
  });
});
