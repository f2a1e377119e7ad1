import { describe, expect, it } from 'vitest';
import { rowOf } from '../../../../src/engine/regression/regressor.ts';
import { inputsOf, leastAlike } from '../../../../src/lab/search/boshnas/inputs.ts';
import { pairsOf } from '../../../../src/lab/search/pairs.ts';
import { gridCandidates } from '../toy.ts';

/** Where the first choice is 0, the second is not there. */
const networks = gridCandidates([2, 3], { short: 1 });
const devices = gridCandidates([2]);

describe('inputs of the surrogate', () => {
  it('are the coordinates, and a column for each option; those that always go together are one', () => {
    const grid = gridCandidates([2, 3, 2]);
    const { points, parts, effects } = inputsOf(grid, [grid]);
    expect({ parts, effects }).toEqual({ parts: [3], effects: [2 + 3 + 2] });
    const last = grid.choices.values.map((option, i, all) =>
      i % 3 === 2 ? (all[i - 2] as number) : option,
    );
    const twice = { ...grid, choices: { ...grid.choices, values: last } };
    const merged = inputsOf(twice, [twice]);
    expect(merged.effects).toEqual([2 + 3]);
    expect([...rowOf(points, 0).subarray(3)]).toEqual([1, 0, 1, 0, 0, 1, 0]);
    expect([...rowOf(merged.points, 0).subarray(3)]).toEqual([Math.sqrt(2), 0, 1, 0, 0]);
  });

  it('have no column for what is absent: what is there weighs the more', () => {
    const { points, effects } = inputsOf(networks, [networks]);
    expect(effects).toEqual([2 + 3]);
    const chosen = (candidate: number) => [...rowOf(points, candidate).subarray(2)];
    expect(chosen(networks.find([0, -1]) as number)).toEqual([Math.sqrt(2), 0, 0, 0, 0]);
    expect(chosen(networks.find([1, 2]) as number)).toEqual([0, 1, 0, 0, 1]);
  });

  it('have no column for what no candidate has', () => {
    const { choices } = networks;
    const wider = { ...networks, choices: { ...choices, sizes: choices.sizes.map((n) => n + 3) } };
    expect(inputsOf(wider, [wider])).toEqual(inputsOf(networks, [networks]));
  });

  it('have an option once more wherever it was chosen, where places ask the same', () => {
    const kinds = [0, 1, 1];
    const grid = gridCandidates([2, 3, 3], { short: 1 });
    const layers = { ...grid, choices: { ...grid.choices, kinds } };
    const { points, effects } = inputsOf(layers, [layers]);
    // Of each place its options, and those of the last two together.
    expect(effects).toEqual([8 + 3]);
    const [where, wherever] = [0.6 * 3, 0.4 * 3];
    const row = (choices: readonly number[]) =>
      [...rowOf(points, layers.find(choices) as number).subarray(3)].map((value) => value ** 2);
    const close = (values: readonly number[]) =>
      values.map((value) => expect.closeTo(value, 12) as number);
    expect(row([1, 2, 2]).slice(8)).toEqual(close([0, 0, wherever]));
    expect(row([1, 2, 0]).slice(8)).toEqual(close([wherever / 2, 0, wherever / 2]));
    expect(row([0, 1, -1]).slice(8)).toEqual(close([0, wherever, 0]));
    for (let candidate = 0; candidate < layers.count; candidate++) {
      const squares = [...rowOf(points, candidate).subarray(3)].map((value) => value ** 2);
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      expect(sum(squares.slice(0, 8))).toBeCloseTo(where, 12);
      expect(sum(squares.slice(8))).toBeCloseTo(wherever, 12);
    }
  });

  it('are those of both halves of a pair, choices of each as heavy as its coordinates', () => {
    const pairs = pairsOf(networks, devices);
    const { points, parts, effects } = inputsOf(pairs, [networks, devices]);
    expect({ parts, effects }).toEqual({ parts: [2, 1], effects: [5, 2] });
    for (let pair = 0; pair < pairs.count; pair++) {
      const row = rowOf(points, pair).subarray(3);
      const squares = (part: Float64Array) => part.reduce((sum, value) => sum + value ** 2, 0);
      expect(squares(row.subarray(0, 5))).toBeCloseTo(2, 12);
      expect(squares(row.subarray(5))).toBeCloseTo(1, 12);
    }
  });

  it('have no choices where there is nothing to choose', () => {
    const plain = { ...networks, choices: { sizes: [], values: new Int32Array(0) } };
    const { points, effects } = inputsOf(plain, [plain]);
    expect({ width: points.width, effects }).toEqual({ width: 2, effects: [] });
  });
});

const cube = gridCandidates([2, 2, 2]);
const network = (...choices: number[]) => cube.find(choices) as number;

describe('the candidate least alike', () => {
  it('shares least with the nearest of those asked for', () => {
    const drawn = [network(0, 0, 1), network(1, 1, 1), network(0, 1, 1)];
    const inputs = inputsOf(cube, [cube]);
    const chosen = (...asked: number[]) => leastAlike(drawn, asked, inputs);
    expect(chosen(network(0, 0, 0))).toBe(network(1, 1, 1));
    expect(chosen(network(1, 1, 1))).toBe(network(0, 0, 1));
    expect(chosen(network(0, 0, 0), network(1, 1, 0))).toBe(network(0, 1, 1));
  });

  it('is the first of equals, also where none is asked for, or nothing was chosen', () => {
    const inputs = inputsOf(cube, [cube]);
    const [one, other] = [network(0, 1, 1), network(1, 0, 1)];
    expect(leastAlike([one, other], [network(0, 0, 0)], inputs)).toBe(one);
    expect(leastAlike([other, one], [network(0, 0, 0)], inputs)).toBe(other);
    const plain = { ...cube, choices: { sizes: [], values: new Int32Array(0) } };
    expect(leastAlike([5, 2, 7], [], inputs)).toBe(5);
    expect(leastAlike([5, 2, 7], [1], inputsOf(plain, [plain]))).toBe(5);
  });

  it('counts each half of a pair alike, however many choices it has', () => {
    const devices = gridCandidates([4]);
    const pairs = pairsOf(cube, devices);
    const pair = (first: number, second: number) => pairs.pairOf(first, second) as number;
    const asked = [pair(network(0, 0, 0), 0)];
    const [otherDevice, otherNetwork] = [pair(network(0, 0, 0), 1), pair(network(1, 1, 0), 0)];
    const inputs = inputsOf(pairs, [cube, devices]);
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
