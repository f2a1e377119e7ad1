import { describe, expect, it } from 'vitest';
import { rowOf } from '../../../../src/engine/regression/points.ts';
import { inputsOf } from '../../../../src/lab/search/boshnas/inputs.ts';
import { pairsOf } from '../../../../src/lab/search/pairs.ts';
import { gridCandidates } from '../toy.ts';

/** Where the first choice is 0, the second is not there. */
const networks = gridCandidates([2, 3], { short: 1 });
const devices = gridCandidates([2]);

describe('inputs of the surrogate', () => {
  it('are the coordinates, and a column for each option; those that always go together are one', () => {
    const { points, parts, effects } = inputsOf(networks, [networks]);
    expect({ parts, effects }).toEqual({ parts: [2], effects: [1 + 1 + 3] });
    const chosen = (candidate: number) => [...rowOf(points, candidate).subarray(2)];
    // 0 in the first place, and the absence of the second.
    expect(chosen(networks.find([0, -1]) as number)).toEqual([Math.sqrt(1 + 1), 0, 0, 0, 0]);
    expect(chosen(networks.find([1, 2]) as number)).toEqual([0, 1, 0, 0, 1]);
  });

  it('have no column for what no candidate has', () => {
    const { choices } = networks;
    const wider = { ...networks, choices: { ...choices, sizes: choices.sizes.map((n) => n + 3) } };
    expect(inputsOf(wider, [wider])).toEqual(inputsOf(networks, [networks]));
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
