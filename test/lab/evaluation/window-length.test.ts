import { describe, expect, it } from 'vitest';
import { windowLength } from '../../../src/lab/evaluation/window-length.ts';

const wave = (rows: number, period: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => Math.sin((2 * Math.PI * i) / period));

describe('windowLength', () => {
  it('finds the period of a wave', () => {
    expect(windowLength(wave(3000, 48))).toBe(48);
    expect(windowLength(wave(3000, 288))).toBe(288);
  });

  it('falls back to 125 without a period, with one out of range, and on tiny series', () => {
    expect(windowLength(new Float64Array(500).fill(3))).toBe(125);
    expect(windowLength(Float64Array.from({ length: 2000 }, (_, i) => i))).toBe(125);
    expect(windowLength(wave(3000, 390))).toBe(125);
    expect(windowLength(Float64Array.of(1))).toBe(125);
  });
});
