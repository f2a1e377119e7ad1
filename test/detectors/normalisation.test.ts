import { expect, it } from 'vitest';
import { removeLevel } from '../../src/detectors/normalisation.ts';

it('takes off each channel its own mean, and says what it was', () => {
  const values = Float32Array.of(1, 10, 3, 30, 5, 20);
  const levels = new Float32Array(2);
  removeLevel(values, levels);
  expect([...values]).toEqual([-2, -10, 0, 10, 2, 0]);
  expect([...levels]).toEqual([3, 20]);
});
