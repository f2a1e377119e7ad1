import { describe, expect, it } from 'vitest';
import { finalCosts } from '../../../src/app/search/final-costs.ts';
import type { ProfiledNetwork } from '../../../src/lab/profiler/network.ts';
import type { Measurement } from '../../../src/lab/profiler/profile.ts';
import { enumerate } from '../../../src/lab/search/design-space/enumerate.ts';
import { space } from './toy-search.ts';

const [chosen, slow, like] = enumerate(space).map((point) => ({
  ...{ point, rows: 16, patch: 2, width: 3, horizon: 1 },
})) as [ProfiledNetwork, ProfiledNetwork, ProfiledNetwork];

const took = (network: ProfiledNetwork, p50S: number, load = 0): Measurement => ({
  ...{ network, p50S, p95S: 2 * p50S, runs: 200, memoryBytes: 1, rssBytes: 1 },
  conditions: { load },
});

describe('the costs of the chosen network', () => {
  it('are those of the round that was least disturbed, with the load there was', async () => {
    const rounds = [5, 3, 2, 7, 4];
    const found = await finalCosts(chosen, [], 1, (network) => {
      const p50S = rounds.shift() as number;
      return Promise.resolve(took(network, p50S, 10 * p50S));
    });
    expect(found).toMatchObject({ costs: { p50S: 2, p95S: 4 }, load: 20 });
    expect(found).not.toHaveProperty('slowdown');
    expect(rounds).toEqual([]);
  });

  it('stand beside what a network of the profile that is as fast takes at the same time', async () => {
    const order: ProfiledNetwork[] = [];
    const profile = [took(slow, 8), took(like, 2)];
    const { slowdown } = await finalCosts(chosen, profile, 1.5, (network) => {
      order.push(network);
      return Promise.resolve(took(network, network === like ? 3 + (order.length % 4) : 1));
    });
    expect(slowdown).toBe(1.5);
    expect(order).toEqual(Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? chosen : like)));
  });
});
