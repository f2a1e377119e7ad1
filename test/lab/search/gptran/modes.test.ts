import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import type { ModeContext } from '../../../../src/lab/search/gptran/mode.ts';
import { modes } from '../../../../src/lab/search/gptran/modes.ts';
import { growthModes } from '../../../../src/lab/search/gptran/options.ts';
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
const context = (changed: object = {}, tried: readonly string[] = []): ModeContext => ({
  options: options(changed),
  random: createRandom(1),
  patches: PATCHES,
  tried: new Set(tried),
});
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
  it.each(growthModes)('%s: makes legal designs, each different and of known descent', (mode) => {
    fc.assert(
      fc.property(designs, (point) => {
        const offspring = modes[mode].offspring(relative(point), context({ prunedHeads: 3 }));
        expect(new Set(offspring.map(({ change }) => change)).size).toBe(offspring.length);
        for (const child of offspring) {
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
  });

  it('grow-head adds one head and changes no width; no kernel is longer than the patches', () => {
    const all = modes['grow-head'].offspring(relative(START), context({ samples: 99 }));
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
    expect(modes['grow-head'].offspring(relative(START), left)).toHaveLength(9);
  });

  it('grow-feed-forward appends a layer, and none behind one that is wider than all it may append', () => {
    const all = modes['grow-feed-forward'].offspring(relative(START), context({ samples: 99 }));
    expect(all.map(({ point }) => point.layers.map(({ feedForward }) => feedForward))).toEqual(
      expect.arrayContaining([
        [[32, 32], [24]],
        [[32, 64], [24]],
        [[32], [24, 32]],
        [[32], [24, 64]],
      ]),
    );
    const narrow = context({ samples: 99, feedForward: [24] });
    expect(modes['grow-feed-forward'].offspring(relative(START), narrow)).toHaveLength(1);
  });

  it('prune-head drops the heads with the least weights, keeps their width, and leaves one', () => {
    const weak = relative(START, (name) => (name.includes('heads1.attention') ? 0.01 : undefined));
    const [child, ...others] = modes['prune-head'].offspring(weak, context());
    expect(others).toEqual([]);
    expect(names(child?.point ?? START)).toEqual([['transform-dct'], ['transform-dct']]);
    expect(child?.point.layers[0]).toMatchObject({ hidden: 8, headWidth: 4 });
    expect(child?.lineage[0]?.heads).toEqual([1]);
    expect(modes['prune-head'].offspring(relative(child?.point ?? START), context())).toEqual([]);
    // What leads out of a head says nothing of it.
    const output = relative(START, (name, i) =>
      name.endsWith('heads.output.weights') && i < 32 ? 0 : undefined,
    );
    expect(modes['prune-head'].offspring(output, context())).toEqual(
      modes['prune-head'].offspring(relative(START), context()),
    );
  });

  it('prune-feed-forward narrows the stacks with the least weights, never below eight', () => {
    const point = { layers: [{ ...START.layers[0], feedForward: [32, 15, 24] }, START.layers[1]] };
    const weak = relative(point as DesignPoint, (name) =>
      /layer1.feed[23].weights|layer2.feed1.weights/.test(name) ? 0.01 : undefined,
    );
    const [child] = modes['prune-feed-forward'].offspring(weak, context());
    expect(child?.point.layers.map(({ feedForward }) => feedForward)).toEqual([[32, 15, 16], [16]]);
    const least = { layers: [{ hidden: 8, heads: HEADS.slice(0, 1), feedForward: [8] }] };
    expect(modes['prune-feed-forward'].offspring(relative(least), context())).toEqual([]);
  });

  it('prune-width narrows the layer with the least weights, and its heads', () => {
    const point = { layers: START.layers.map((layer) => ({ ...layer, hidden: 24 })) };
    const weak = relative(point, (name) => (/^layer1/.test(name) ? 0.01 : undefined));
    const [child] = modes['prune-width'].offspring(weak, context());
    expect(child?.point.layers.map(({ hidden }) => hidden)).toEqual([16, 24]);
    expect(child?.point.layers.map(headWidthOf)).toEqual([8, 24]);
    expect(modes['prune-width'].offspring(relative(START), context())).toEqual([]);
  });
});
