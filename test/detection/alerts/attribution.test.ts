import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute } from '../../../src/detection/alerts/attribution.ts';
import { channels, scaler, windowAt } from './rows.ts';

const all = { channels, scaler, limit: 5 };

describe('attribution', () => {
  it('puts the greatest share first, in channel units', () => {
    const score = {
      value: 4,
      perChannel: Float32Array.of(1, 3),
      expected: Float32Array.of(-1, 2.5),
    };
    expect(attribute(windowAt(0, 0.2), score, all)).toEqual([
      { id: 'disk', unit: 'B/s', share: 0.75, value: 1e6, expected: 1.5e6 },
      { id: 'cpu', unit: '%', share: 0.25, value: 20, expected: 5 },
    ]);
  });

  it('has no expected value where the detector cannot tell, and no value without a reading', () => {
    const window = { ...windowAt(0, 1), latest: Float64Array.of(Number.NaN, 7) };
    const found = attribute(window, { value: 2, perChannel: Float32Array.of(1.5, 0.5) }, all);
    expect(found).toMatchObject([
      { id: 'cpu', value: null, expected: null },
      { id: 'disk', value: 7, expected: null },
    ]);
  });

  it('leaves out channels without a share and keeps to the limit', () => {
    const silent = { value: 1, perChannel: Float32Array.of(0, 1) };
    expect(attribute(windowAt(0, 1), silent, all).map(({ id }) => id)).toEqual(['disk']);
    const both = { value: 1, perChannel: Float32Array.of(0.4, 0.6) };
    expect(attribute(windowAt(0, 1), both, { ...all, limit: 1 }).length).toBe(1);
    expect(attribute(windowAt(0, 1), { value: 0, perChannel: new Float32Array(2) }, all)).toEqual(
      [],
    );
  });

  it('gives shares between 0 and 1 that descend and sum to at most 1', () => {
    const parts = fc.array(fc.float({ min: -5, max: 50, noNaN: true }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(parts, fc.double({ min: 0, max: 60, noNaN: true }), (perChannel, value) => {
        const width = perChannel.length;
        const many = {
          channels: perChannel.map((_, c) => ({ id: `c${c}`, unit: '' })),
          scaler: { ...scaler, offset: perChannel.map(() => 0), scale: perChannel.map(() => 1) },
          limit: 8,
        };
        const window = { ...windowAt(0, 1), latest: new Float64Array(width) };
        const score = { value, perChannel: Float32Array.from(perChannel) };
        const shares = attribute(window, score, many).map(({ share }) => share);
        expect(shares).toEqual([...shares].sort((a, b) => b - a));
        expect(shares.every((share) => share > 0 && share <= 1)).toBe(true);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });
});
