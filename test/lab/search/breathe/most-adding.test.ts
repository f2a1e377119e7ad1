import { describe, expect, it } from 'vitest';
import { mostAdding } from '../../../../src/lab/search/breathe/most-adding.ts';
import type { Evaluated } from '../../../../src/lab/search/points/contract.ts';
import {
  farReference,
  frontReference,
  rangesOf,
  scalarOf,
} from '../../../../src/lab/search/points/scalar.ts';

const evaluated = (objectives: readonly number[]): Evaluated => ({
  ...{ point: [], objectives, constraints: [] },
  runs: [{ objectives, constraints: [] }],
});

type Rows = readonly (readonly number[])[];

/** Of these predictions the one that is proposed beside this archive, under equal weights. */
function taken(archive: Rows, predicted: Rows, referenceOf = frontReference): readonly number[] {
  const known = archive.map(evaluated);
  const weights = (archive[0] ?? []).map((_, __, all) => 1 / all.length);
  const scalar = scalarOf(rangesOf(known, known), { value: 'tchebycheff', weights, penalty: 1 });
  const reference = referenceOf(weights.length);
  return predicted[mostAdding(predicted, known, scalar, reference)] as readonly number[];
}

describe('the end of the climbs that adds the most', () => {
  it('is the middle of a front of three objectives, not a corner that is hardly better than what is known', () => {
    const nearCorners = [
      [1, 0, 0.3],
      [0.3, 1, 0],
      [0, 0.3, 1],
    ];
    const corner = [0.99, 0, 0];
    const middle = [0.6, 0.6, 0.6];
    expect(taken(nearCorners, [corner, middle])).toEqual(middle);
  });

  it('is an end of a front of three objectives far beyond what is known, over candidates (#22)', () => {
    const known = [
      [1, 0, 0.3],
      [0.3, 1, 0],
      [0, 0.3, 1],
    ];
    const end = [-0.5, 1.3, 1.3];
    const between = [0.3, 0.98, 0];
    expect(taken(known, [between, end], farReference)).toEqual(end);
    expect(taken(known, [between, end], frontReference)).toEqual(between);
  });

  it('is an end of a front of two objectives, of which only the middle is known', () => {
    const middle = [
      [0.4, 0.6],
      [0.6, 0.4],
    ];
    const end = [0.1, 0.75];
    const between = [0.48, 0.48];
    expect(taken(middle, [between, end])).toEqual(end);
  });
});
