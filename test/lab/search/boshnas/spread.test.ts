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

  it('is the first of equals also where all share nothing, none is asked for, or nothing was chosen', () => {
    const inputs = inputsOf(networks, [networks]);
    const plain = { ...networks, choices: { sizes: [], values: new Int32Array(0) } };
    expect(leastAlike([5, 2, 7], [], inputs)).toBe(5);
    expect(leastAlike([7, 7], [network(0, 0, 0)], inputs)).toBe(7);
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
    const [asked, other, longer] = [[0, -1, -1] as const, [1, -1, -1] as const, [0, 1, 1] as const];
    const values = Int32Array.from([asked, other, longer, ...Array(9).fill(longer)].flat());
    const layers = { ...grid, choices: { ...grid.choices, values } };
    expect(leastAlike([2, 1], [0], inputsOf(layers, [layers]))).toBe(1);
  });
});
