// A growth with networks that are really trained.
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { relativesOn } from '../../../src/lab/candidates/relatives.ts';
import { grow, startTree } from '../../../src/lab/search/gptran/grow.ts';
import { growthOptions } from '../../../src/lab/search/gptran/options.ts';
import { readTree, treeText } from '../../../src/lab/search/gptran/tree-text.ts';
import { resultOf } from '../../../src/lab/search/gptran/ways.ts';
import type { DesignPoint } from '../../../src/models/design-point.ts';
import { encoderMacs } from '../../../src/models/encoder.ts';
import { ordinarySeries } from '../../contracts/planted.ts';

const shape = { rows: 16, patch: 2 };
const dct = { op: 'transform', basis: 'dct' } as const;
const point: DesignPoint = { layers: [{ hidden: 8, heads: [dct, dct], feedForward: [16] }] };
const { signal } = new AbortController();

describe('a growth of trained networks', () => {
  it('adds and drops blocks, and ends no worse and no dearer than it began', async () => {
    const data = { series: ordinarySeries(600), intervalMs: 1000 };
    const train = relativesOn(data, { ...shape, batch: 8, steps: 20 }, await loadKernels());
    const rig = {
      train,
      cost: (one: DesignPoint) => encoderMacs(one, { ...shape, width: 3 }),
      patches: shape.rows / shape.patch,
    };
    const steps = { steps: 6, rate: 1 };
    const budgets = {
      'grow-head': steps,
      'grow-feed-forward': steps,
      'prune-head': steps,
      'prune-feed-forward': steps,
    };
    const options = growthOptions.parse({
      budgets,
      start: steps,
      samples: 1,
      rounds: 6,
      learningRate: 4e-3,
    });
    const begun = await train({ point }, { seed: 1, signal });
    const start = await startTree(begun, rig, options, { seed: 1, signal });
    const tree = await grow(start, rig, { signal });
    const done = tree.rounds.filter(({ children }) => children.length > 0);
    expect(new Set(done.map(({ mode }) => mode))).toEqual(new Set(Object.keys(budgets)));
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
  });
});
