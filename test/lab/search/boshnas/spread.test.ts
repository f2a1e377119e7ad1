import { describe, expect, it } from 'vitest';
import { leastAlike } from '../../../../src/lab/search/boshnas/spread.ts';
import { pairsOf } from '../../../../src/lab/search/pairs.ts';
import { gridCandidates } from '../toy.ts';

const networks = gridCandidates([2, 2, 2]);
const network = (...choices: number[]) => networks.find(choices) as number;

describe('the candidate least alike', () => {
  it('shares least with the nearest of those asked for', () => {
    const drawn = [network(0, 0, 1), network(1, 1, 1), network(0, 1, 1)];
    const chosen = (...asked: number[]) => leastAlike(drawn, asked, networks, [networks]);
    expect(chosen(network(0, 0, 0))).toBe(network(1, 1, 1));
    expect(chosen(network(1, 1, 1))).toBe(network(0, 0, 1));
    expect(chosen(network(0, 0, 0), network(1, 1, 0))).toBe(network(0, 1, 1));
  });

  it('counts each half of a pair alike, however many choices it has', () => {
    const devices = gridCandidates([4]);
    const pairs = pairsOf(networks, devices);
    const pair = (first: number, second: number) => pairs.pairOf(first, second) as number;
    const asked = [pair(network(0, 0, 0), 0)];
    const [otherDevice, otherNetwork] = [pair(network(0, 0, 0), 1), pair(network(1, 1, 0), 0)];
    expect(leastAlike([otherNetwork, otherDevice], asked, pairs, [networks, devices])).toBe(
      otherDevice,
    );
  });

  it('is the first where nothing tells them apart: none asked for, or nothing to choose', () => {
    const plain = { ...networks, choices: { sizes: [], values: new Int32Array(0) } };
    expect(leastAlike([5, 2, 7], [], networks, [networks])).toBe(5);
    expect(leastAlike([5, 2, 7], [1], plain, [plain])).toBe(5);
  });
});
