import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { properFront } from '../../../../src/lab/search/breathe/proper-front.ts';
import { paretoFront } from '../../../../src/lab/search/front.ts';
import { evaluatedFrom } from '../../../../src/lab/search/points/history.ts';

type Rows = readonly (readonly number[])[];

const evaluated = (rows: Rows) =>
  rows.map((objectives) => evaluatedFrom(objectives, [{ objectives, constraints: [] }]));

/** What is left of a front beside other outcomes, as objectives. */
function left(front: Rows, others: Rows = []): Rows {
  const archive = evaluated(front);
  return properFront([...archive, ...evaluated(others)], archive).map(
    ({ objectives }) => objectives,
  );
}

describe('the points of a front with bounded trade-offs', () => {
  it('are not those at a corner of the box that are hardly better in one objective and far worse in another', () => {
    const sphere = [
      [0.01, 0.99, 0.1],
      [0.7, 0.7, 0.1],
      [0.99, 0.01, 0.1],
      [0.1, 0.1, 0.99],
    ];
    expect(left([...sphere, [0, 19, 0.2]])).toEqual(sphere);
  });

  it('are those of the middle, however far off the others are', () => {
    const middle = [
      [0.2, 0.8],
      [0.5, 0.5],
      [0.8, 0.2],
    ];
    const dominated = [
      [0.6, 0.9],
      [0.9, 0.7],
      [0.7, 0.8],
    ];
    expect(left([...middle, [0.199, 40], [0.1989, 4000]], dominated)).toEqual(middle);
  });

  it('are all of an even front, steep ends included, and both of two', () => {
    const convex = Array.from({ length: 40 }, (_, i) => [
      (i + 1) / 40,
      1 - Math.sqrt((i + 1) / 40),
    ]);
    expect(left(convex)).toEqual(convex);
    const two = [
      [0, 1000],
      [1e-9, 0],
    ];
    expect(left(two)).toEqual(two);
  });

  it('are some of the front, in its order, in any case', () => {
    const point = fc.array(fc.integer({ min: 0, max: 1000 }), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 12 }), (points) => {
        const front = paretoFront(points).map((i) => points[i] as readonly number[]);
        const found = left(front);
        const kept = new Set(found.map((one) => one.join()));
        expect(found).toEqual(front.filter((one) => kept.has(one.join())));
        if (front.length <= 2) expect(found).toEqual(front);
      }),
    );
  });
});
