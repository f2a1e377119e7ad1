import { expect, it } from 'vitest';
import { distinctPoints } from '../../../src/engine/regression/regressor.ts';
import { pointsOf } from './reference.ts';

it('counts points that are there several times once, with the mean of their values', () => {
  const rows = [
    [1, 2],
    [3, 4],
    [1, 2],
    [1, 2.5],
    [3, 4],
    [1, 2],
  ];
  const once = distinctPoints(pointsOf(rows), Float64Array.of(1, 10, 2, 5, 20, 6));
  expect([...once.points.values]).toEqual([1, 2, 3, 4, 1, 2.5]);
  expect([...once.values]).toEqual([3, 15, 5]);
});
