// Growths of every family with networks that are really trained.
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { anyRelativesOn } from '../../../src/lab/candidates/relatives.ts';
import { macsOf } from '../../../src/lab/profiler/work.ts';
import { growthOf } from '../../../src/lab/search/gptran/families.ts';
import { grow, startTree } from '../../../src/lab/search/gptran/grow.ts';
import { readTree, treeText } from '../../../src/lab/search/gptran/tree-text.ts';
import { resultOf } from '../../../src/lab/search/gptran/ways.ts';
import { familyOf, type NetworkDesign } from '../../../src/models/network-family.ts';
import { ordinarySeries } from '../../contracts/planted.ts';

const dct = { op: 'transform', basis: 'dct' } as const;
const encoder: NetworkDesign = {
  layers: [{ hidden: 8, heads: [dct, dct], feedForward: [16] }],
};
const near = { operation: { op: 'convolution', kernel: 3 }, inputs: [0] } as const;
const far = { operation: { op: 'dilated' }, inputs: [1] } as const;
const cnn = {
  cells: [
    { channels: 8, activation: 'silu', vertices: [near, far], output: [1, 2] },
    { channels: 16, activation: 'silu', vertices: [near], output: [1] },
  ],
  join: 'concatenate',
} as unknown as NetworkDesign;

const shape = { rows: 16, patch: 2, width: 3, horizon: 1 };
const { signal } = new AbortController();
const kernels = await loadKernels();

describe('a growth of trained networks', () => {
  it.each([
    { point: encoder, own: { rows: 16, patch: 2 } },
    { point: cnn, own: { rows: 16 } },
  ])(
    'adds and drops blocks, and ends no worse and no dearer than it began: $own',
    async ({ point, own }) => {
      const data = { series: ordinarySeries(600), intervalMs: 1000 };
      const { kind } = familyOf(point);
      const train = anyRelativesOn(kind, data, { ...own, batch: 8, steps: 20 }, kernels);
      const family = growthOf(point);
      const rig = {
        ...{ family, train, patches: shape.rows / shape.patch },
        cost: (one: NetworkDesign) => macsOf({ point: one, ...shape }),
      };
      const steps = { steps: 6, rate: 1 };
      const modes = [...family.modes.keys()].slice(0, 4);
      const options = family.options.parse({
        budgets: Object.fromEntries(modes.map((mode) => [mode, steps])),
        ...{ start: steps, samples: 1, rounds: 6, learningRate: 4e-3 },
      });
      const begun = await train({ point }, { seed: 1, signal });
      const start = await startTree(begun, rig, options, { seed: 1, signal });
      const tree = await grow(start, rig, { signal });
      const done = tree.rounds.filter(({ children }) => children.length > 0);
      expect(new Set(done.map(({ mode }) => mode))).toEqual(new Set(modes));
      for (const { parent = 0, point: child, trained } of tree.nodes.slice(1)) {
        const before = tree.nodes[parent]?.point;
        expect(child).not.toEqual(before);
        const { weights, of } = trained?.transferred ?? { weights: 0, of: 1 };
        expect(weights / of).toBeGreaterThan(0.4);
      }
      const { chosen, improved } = resultOf(tree);
      expect(chosen.cost).toBeLessThanOrEqual(tree.nodes[0]?.cost ?? 0);
      expect(chosen.trained?.loss).toBeLessThanOrEqual(tree.nodes[0]?.trained?.loss ?? 0);
      expect(improved).toBe(chosen.id > 0);
      // The same from its own text.
      const resumed = await grow(readTree(treeText(start), 'tree'), rig, { signal });
      expect(JSON.parse(treeText(resumed))).toEqual(JSON.parse(treeText(tree)));
    },
  );
});
