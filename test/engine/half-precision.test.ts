import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHalf, roundedToHalf, toHalf } from '../../src/engine/half-precision.ts';

describe('half precision', () => {
  it('rounds as NumPy does: ties to even, small and great numbers too', () => {
    // numpy.array(values, float32).astype(float16).view(uint16), NumPy 2.4.6
    const cases = [
      ...([
        [0, 0],
        [-0, 0x8000],
        [1, 15360],
        [-2.5, 49408],
        [0.1, 11878],
        [1 / 3, 13653],
      ] as const),
      ...([
        [10, 18688],
        [65504, 31743],
        [65519.99, 31743],
        [65520, 31744],
        [1e9, 31744],
      ] as const),
      ...([
        [2 ** -14, 1024],
        [2 ** -24, 1],
        [2 ** -25, 0],
        [2 ** -25 * 1.0001, 1],
      ] as const),
      ...([
        [3 * 2 ** -25, 2],
        [6.1e-5, 1023],
        [1 + 2 ** -11, 15360],
        [1 + 3 * 2 ** -11, 15362],
      ] as const),
      ...([
        [2047.5, 26624],
        [2049, 26624],
        [2051, 26626],
      ] as const),
    ];
    expect([...toHalf(Float32Array.from(cases, ([value]) => value))]).toEqual(
      cases.map(([, half]) => half),
    );
  });

  it('gives back every number that it has', () => {
    const all = Uint16Array.from({ length: 2 ** 16 }, (_, half) => half);
    const numbers = all.filter((half) => (half & 0x7c00) !== 0x7c00 || (half & 0x3ff) === 0);
    expect(toHalf(fromHalf(numbers))).toEqual(numbers);
    expect(fromHalf(Uint16Array.of(0x7e00, 0xfc00))).toEqual(
      Float32Array.of(Number.NaN, -Infinity),
    );
    expect(roundedToHalf(Float32Array.of(Number.NaN))).toEqual(Float32Array.of(Number.NaN));
  });

  it('rounds to the nearest number', () => {
    fc.assert(
      fc.property(fc.float({ min: -60_000, max: 60_000, noNaN: true }), (value) => {
        const [half] = toHalf(Float32Array.of(value)) as unknown as [number];
        const [below, own, above] = fromHalf(Uint16Array.of(half - 1, half, half + 1));
        const off = Math.abs(value - (own as number));
        expect(off).toBeLessThanOrEqual(Math.abs(value - (above as number)));
        if ((half & 0x7fff) > 0)
          expect(off).toBeLessThanOrEqual(Math.abs(value - (below as number)));
      }),
      { seed: 23 },
    );
  });
});
