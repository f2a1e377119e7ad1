import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import {
  conflict,
  phaseRandomised,
  slowPart,
} from '../../../../src/lab/evaluation/consistency/stimuli.ts';

const random = createRandom(3);
const noise = (rows: number): Float64Array =>
  Float64Array.from({ length: rows * 2 }, () => random.normal());

function power(values: Float64Array, width: number, channel: number, f: number): number {
  const n = values.length / width;
  let real = 0;
  let imaginary = 0;
  for (let t = 0; t < n; t++) {
    const value = values[t * width + channel] ?? NaN;
    real += value * Math.cos((2 * Math.PI * f * t) / n);
    imaginary += value * Math.sin((2 * Math.PI * f * t) / n);
  }
  return real ** 2 + imaginary ** 2;
}

describe('phaseRandomised', () => {
  it.each([32, 33])('keeps the power at every frequency, of %s rows', (rows) => {
    const x = noise(rows);
    const y = phaseRandomised(x, 2, createRandom(1));
    for (let f = 0; f <= rows / 2; f++) {
      for (const c of [0, 1]) expect(power(y, 2, c, f)).toBeCloseTo(power(x, 2, c, f), 8);
    }
    expect(Math.max(...y.map((value, i) => Math.abs(value - (x[i] ?? NaN))))).toBeGreaterThan(0.5);
  });

  it('turns all channels alike, so that what moves together still does', () => {
    const x = noise(32);
    for (let row = 0; row < 32; row++) x[row * 2 + 1] = 3 * (x[row * 2] ?? NaN);
    const y = phaseRandomised(x, 2, createRandom(1));
    for (let row = 0; row < 32; row++)
      expect(y[row * 2 + 1]).toBeCloseTo(3 * (y[row * 2] ?? NaN), 9);
  });
});

describe('conflict', () => {
  it('has the slow part of one and the fast part of the other', () => {
    const step = Float64Array.from({ length: 64 }, (_, i) => (i < 32 ? 0 : 50));
    const mixed = conflict(step, noise(32), 2, createRandom(1));
    const slow = slowPart(mixed, 2);
    expect(slow[0]).toBeLessThan(5);
    expect(slow[63]).toBeGreaterThan(45);
    const flat = conflict(new Float64Array(64), step, 2, createRandom(1));
    expect(Math.abs(slowPart(flat, 2)[62] ?? NaN)).toBeLessThan(15);
  });
});
