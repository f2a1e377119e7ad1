import { describe, expect, it } from 'vitest';
import { WeightsError } from '../../../../src/core/errors.ts';
import type { GrowthTree } from '../../../../src/lab/search/gptran/contract.ts';
import { grow, startTree } from '../../../../src/lab/search/gptran/grow.ts';
import { readTree, treeText } from '../../../../src/lab/search/gptran/tree-text.ts';
import { resultOf, scoreOf } from '../../../../src/lab/search/gptran/ways.ts';
import type { DesignPoint } from '../../../../src/models/design-point.ts';
import { options, relative, rigOf, START, signal } from './growths.ts';

async function grown(rig: ReturnType<typeof rigOf>, changed: object = {}): Promise<GrowthTree> {
  const tree = await startTree(relative(START), rig, options(changed), { seed: 1, signal });
  return grow(tree, rig, { signal });
}

const told = ({ rounds }: GrowthTree) =>
  rounds.map(({ mode, parent, outcome }) => `${parent} ${mode} ${outcome}`);

describe('a growth', () => {
  it('goes through its modes in order, from the best child of each', async () => {
    // The second of three children is the best, and each round is better than the last.
    const tree = await grown(
      rigOf((n) => 100 - n - (n % 3 === 2 ? 1.5 : 0)),
      { rounds: 6 },
    );
    expect(told(tree)).toEqual([
      '0 grow-head better',
      '2 grow-feed-forward better',
      '5 prune-head better',
      '7 prune-feed-forward better',
      '8 grow-head better',
      '11 grow-feed-forward better',
    ]);
    expect(tree.ended).toBe('6 rounds are over');
  });

  it('ends with an error where its family has no such mode, instead of an idle round', async () => {
    const rig = rigOf((n) => 100 - n);
    const tree = await startTree(relative(START), rig, options({}), { seed: 1, signal });
    const strange = { ...tree, next: { node: 0, mode: 'grow-vertex' } };
    await expect(grow(strange, rig, { signal })).rejects.toThrow(
      'networks of encoder have no mode grow-vertex',
    );
  });

  it('narrows layers too where it is asked to', async () => {
    const tree = await grown(
      rigOf((n) => 100 - n),
      { rounds: 5, pruneWidth: true },
    );
    expect(tree.rounds.at(-1)?.mode).toBe('prune-width');
  });

  it('goes back where nothing grown is better, to what was never gone on with or is the best', async () => {
    // Children of the start: 0.9, 0.8, 0.85; nothing that comes later is better.
    const tree = await grown(rigOf((n) => [1, 0.9, 0.8, 0.85][n] ?? 2 + n));
    expect(told(tree)).toEqual([
      '0 grow-head better',
      '2 grow-feed-forward back',
      '3 grow-feed-forward back',
      '2 prune-head kept',
      `10 prune-feed-forward kept`,
      `11 grow-head back`,
    ]);
    expect(tree.ended).toBe('no network was better in 5 rounds');
  });

  it('tries nothing twice with one parent, and goes on after a turn in which there was nothing to do', async () => {
    const one = { layers: START.layers.slice(1) };
    const rig = rigOf((n) => 1 + n);
    const start = await startTree(relative(one), rig, options({ patience: 12, samples: 4 }), {
      seed: 1,
      signal,
    });
    const tree = await grow(start, rig, { signal });
    const tries = tree.nodes.map(({ parent, mode, change }) => `${parent} ${mode} ${change}`);
    expect(new Set(tries).size).toBe(tries.length);
    expect(tree.rounds.some(({ outcome }) => outcome === 'idle')).toBe(true);
  });

  it('loses children that diverge, and ends with what a training throws besides', async () => {
    const tree = await grown(
      rigOf((n) => (n === 2 ? 0.5 : n === 0 ? 1 : undefined)),
      { rounds: 2 },
    );
    expect(tree.nodes.map(({ trained }) => trained?.loss)).toEqual([
      1,
      undefined,
      0.5,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(told(tree)).toEqual(['0 grow-head better', '2 grow-feed-forward back']);
    const rig = { ...rigOf(() => 1), cost: () => 1 };
    const start = await startTree(relative(START), rig, options(), { seed: 1, signal });
    const broken = { ...rig, train: () => Promise.reject(new TypeError('a bug')) };
    await expect(grow(start, broken, { signal })).rejects.toThrow('a bug');
  });

  it('weighs cost beside the loss, as shares of those of the start', async () => {
    const rig = rigOf((n) => (n === 0 ? 2 : 1.9));
    const [light, heavy] = [
      await grown(rig, { rounds: 1 }),
      await grown(rig, { rounds: 1, costWeight: 5 }),
    ];
    expect(light.rounds[0]?.outcome).toBe('better');
    expect(heavy.rounds[0]?.outcome).toBe('back');
    const [start, child] = heavy.nodes;
    if (!start || !child) throw new Error('no child');
    expect(scoreOf(heavy, child)).toBeCloseTo(0.95 + (5 * child.cost) / start.cost, 12);
  });

  it('goes on from each round as if it had not been interrupted', async () => {
    const rig = rigOf(
      (n, { layers }) => 1 / (1 + (layers[0]?.heads.length ?? 0)) + ((n * 7919) % 13) / 40,
    );
    const whole: string[] = [];
    const onRound = (tree: GrowthTree) => whole.push(treeText(tree));
    const changed = options({ rounds: 6, samples: 2, costWeight: 0.1 });
    const start = await startTree(relative(START), rig, changed, { seed: 3, signal });
    const end = await grow(start, rig, { signal, onRound });
    expect(whole).toHaveLength(6);
    for (const text of [treeText(start), ...whole.slice(2, 5)]) {
      const resumed = await grow(readTree(text, 'tree.json'), rig, { signal });
      expect(JSON.parse(treeText(resumed))).toEqual(JSON.parse(treeText(end)));
    }
  });

  it('ends with the reason of the signal', async () => {
    const controller = new AbortController();
    const rig = rigOf((n) => 100 - n);
    const start = await startTree(relative(START), rig, options(), { seed: 1, signal });
    const onRound = () => controller.abort(new Error('enough'));
    await expect(grow(start, rig, { signal: controller.signal, onRound })).rejects.toThrow(
      'enough',
    );
  });
});

describe('what a growth comes to', () => {
  it('is the best of those that are no worse in loss and in cost', async () => {
    // A growth is better still, and dearer.
    const worthOf = (n: number, { layers }: DesignPoint) => {
      const heads = layers.flatMap((layer) => layer.heads).length;
      return heads > 3 ? 1 : 8 + heads + (n % 7) / 10;
    };
    const tree = await grown(rigOf(worthOf), { rounds: 12, patience: 12 });
    const { chosen, improved, reason } = resultOf(tree);
    const [start] = tree.nodes;
    const losses = tree.nodes
      .filter(({ cost }) => cost <= (start?.cost ?? 0))
      .flatMap(({ trained }) => trained?.loss ?? []);
    expect(losses.length).toBeGreaterThan(2);
    expect(chosen.trained?.loss).toBe(Math.min(...losses));
    expect(chosen.cost).toBeLessThan(start?.cost ?? 0);
    expect(Math.min(...tree.nodes.flatMap(({ trained }) => trained?.loss ?? []))).toBe(1);
    expect(improved).toBe(true);
    expect(reason).toMatch(
      /^loss -.* % against the start trained as long, cost -.* %; chosen from \d+ networks by that loss/,
    );
  });

  it('is the start, and says so, where all is worse or dearer', async () => {
    const { chosen, improved, reason } = resultOf(await grown(rigOf((n) => 1 + n)));
    expect(chosen.id).toBe(0);
    expect(improved).toBe(false);
    expect(reason).toMatch(
      /^none of \d+ networks has a lower loss at no more cost, or a lower cost .* start is chosen$/,
    );
  });

  it('is not what training alone would have given', async () => {
    // The start is trained before and after; all others are better than before and worse than after.
    const starts = [1, 0.5];
    const tree = await grown(rigOf((n) => (n === 0 ? starts.shift() : 0.9)));
    expect(tree.rounds[0]?.outcome).toBe('better');
    expect(tree.control?.loss).toBe(0.5);
    expect(resultOf(tree).improved).toBe(false);
  });

  it('is not known before the growth has ended', async () => {
    const rig = rigOf(() => 1);
    const tree = await startTree(relative(START), rig, options(), { seed: 1, signal });
    expect(() => resultOf(tree)).toThrow(RangeError);
  });

  it('may be cheaper at the same loss', async () => {
    const { chosen, improved, reason } = resultOf(await grown(rigOf(() => 1)));
    expect(improved).toBe(true);
    expect(chosen.mode).toMatch(/^prune/);
    expect(reason).toMatch(/^loss 0.0 % against the start trained as long, cost -/);
  });
});

describe('the text of a tree', () => {
  it('is refused in one line where it is cut short, altered or something else', async () => {
    const rig = rigOf(() => 1);
    const tree = await startTree(relative(START), rig, options(), { seed: 1, signal });
    const text = treeText(tree);
    expect(readTree(text, 'tree.json')).toEqual(tree);
    const altered = text.replace(/"shape":\[\d+/, '"shape":[7');
    for (const broken of [
      text.slice(0, 90),
      '{}',
      altered,
      text.replace('"node":0', '"node":4'),
      text.replace('"id":0', '"id":1'),
    ]) {
      expect(() => readTree(broken, 'tree.json')).toThrow(WeightsError);
      expect(() => readTree(broken, 'tree.json')).toThrow(
        /^tree.json is not a valid growth file \(.*\): start the growth again/,
      );
    }
  });
});
