import { describe, expect, it } from 'vitest';
import { inputsOf } from '../../../../src/lab/search/boshnas/inputs.ts';
import { leastAlike } from '../../../../src/lab/search/boshnas/spread.ts';
import { pairsOf } from '../../../../src/lab/search/pairs.ts';
import { gridCandidates } from '../toy.ts';

const networks = gridCandidates([2, 2, 2]);
const network = (...choices: number[]) => networks.find(choices) as number;

describe('the candidate least alike', () => {
  it('shares least with the nearest of those asked for', () => {
    const drawn = [network(0, 0, 1), network(1, 1, 1), network(0, 1, 1)];
    const inputs = inputsOf(networks, [networks]);
    const chosen = (...asked: number[]) => leastAlike(drawn, asked, inputs);
    expect(chosen(network(0, 0, 0))).toBe(network(1, 1, 1));
    expect(chosen(network(1, 1, 1))).toBe(network(0, 0, 1));
    expect(chosen(network(0, 0, 0), network(1, 1, 0))).toBe(network(0, 1, 1));
  });

  it('is the first of equals, also where none is asked for, or nothing was chosen', () => {
    const inputs = inputsOf(networks, [networks]);
    const [one, other] = [network(0, 1, 1), network(1, 0, 1)];
    expect(leastAlike([one, other], [network(0, 0, 0)], inputs)).toBe(one);
    expect(leastAlike([other, one], [network(0, 0, 0)], inputs)).toBe(other);
    const plain = { ...networks, choices: { sizes: [], values: new Int32Array(0) } };
    expect(leastAlike([5, 2, 7], [], inputs)).toBe(5);
    expect(leastAlike([5, 2, 7], [1], inputsOf(plain, [plain]))).toBe(5);
  });

  it('counts each half of a pair alike, however many choices it has', () => {
    const devices = gridCandidates([4]);
    const pairs = pairsOf(networks, devices);
    const pair = (first: number, second: number) => pairs.pairOf(first, second) as number;
    const asked = [pair(network(0, 0, 0), 0)];
    const [otherDevice, otherNetwork] = [pair(network(0, 0, 0), 1), pair(network(1, 1, 0), 0)];
    const inputs = inputsOf(pairs, [networks, devices]);
    expect(leastAlike([otherNetwork, otherDevice], asked, inputs)).toBe(otherDevice);
  });

  it('has nothing in common with others in the places that neither has', () => {
    const grid = gridCandidates([3, 2, 2]);
    // Two that have the first place alone, and one, again and again, that shares it with the first.
    const rows = [[0, -1, -1], [1, -1, -1], ...Array.from({ length: 10 }, () => [0, 1, 1])];
    const values = Int32Array.from(rows.flat());
    const layers = { ...grid, choices: { ...grid.choices, values } };
    expect(leastAlike([2, 1], [0], inputsOf(layers, [layers]))).toBe(1);
  });
});
