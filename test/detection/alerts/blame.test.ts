import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blamed, blameShares, rowBlame } from '../../../src/detection/alerts/blame.ts';
import { UsualRanges } from '../../../src/detection/alerts/usual-ranges.ts';
import { policy, run, times } from './rows.ts';

const channels = [
  { id: 'disk.write', unit: 'MB/s' },
  { id: 'sockets.tcp', unit: '' },
  { id: 'cpu.user', unit: '%' },
];
const scaler = { kind: 'standard', offset: [10, 16, 20], scale: [5, 0.16, 10], clip: 10 };

/** 0 to 19 MB/s, always 16 sockets, 10 to 30 %. */
function known(): UsualRanges {
  const usual = new UsualRanges({ channels, intervalMs: 1000 });
  for (let row = 0; row < 300; row += 1) {
    usual.learn(row * 1000, Float64Array.of(row % 20, 16, 10 + (row % 21)));
  }
  return usual;
}

function windowOf(...rows: readonly (readonly [number, number, number])[]) {
  const values = rows.flatMap((row) =>
    row.map((value, c) => (value - (scaler.offset[c] ?? 0)) / (scaler.scale[c] ?? 1)),
  );
  return {
    ...{ streamId: 's', endMs: 400_000, length: rows.length, width: 3, imputed: 0 },
    values: Float32Array.from(values),
    latest: Float64Array.from(rows.at(-1) ?? []),
  };
}

/** A detector that blames the constant channel most, and expects what cannot be. */
const score = {
  value: 2,
  perChannel: Float32Array.of(0.6, 0.9, 0.5),
  expected: Float32Array.of(-8, 0, 0.5),
};
const blaming = { channels, scaler, usual: known() };

describe('blame', () => {
  it('is with the channel far outside of its range, not with those where they always are (#21)', () => {
    const found = blamed(windowOf([420, 16, 25]), score, blaming);
    expect(found.map(({ id }) => id)).toEqual(['disk.write']);
    expect(found[0]).toMatchObject({ value: 420, usual: { high: 19 } });
    expect(found[0]?.usual?.low).toBeCloseTo(0, 2);
    expect(found[0]?.share).toBeGreaterThan(0.85);
  });

  it('orders several channels outside by how far they are', () => {
    const found = blamed(windowOf([40, 16, 99]), score, blaming);
    expect(found.map(({ id }) => id)).toEqual(['cpu.user', 'disk.write']);
  });

  it('is the detector’s where no channel is outside, and where no range is known', () => {
    const inside = blamed(windowOf([5, 16, 25]), score, blaming);
    expect(inside.map(({ id, share }) => [id, Math.round(100 * share)])).toEqual([
      ['sockets.tcp', 45],
      ['disk.write', 30],
      ['cpu.user', 25],
    ]);
    const unknown = blamed(windowOf([420, 16, 25]), score, { ...blaming, usual: undefined });
    expect(unknown.map(({ id }) => id)).toEqual(inside.map(({ id }) => id));
    expect(unknown[0]).not.toHaveProperty('usual');
  });

  it('looks at the newest rows, not at the newest alone', () => {
    const pause = blamed(windowOf([420, 16, 25], [410, 16, 25], [12, 16, 25]), score, blaming);
    expect(pause[0]?.id).toBe('disk.write');
  });

  it('has no expected value that the channel cannot have (#21)', () => {
    const [disk] = blamed(windowOf([420, 16, 25]), score, blaming);
    expect(disk?.expected).toBeNull(); // -30 MB/s
    const cpu = blamed(windowOf([5, 16, 99]), score, blaming).find(({ id }) => id === 'cpu.user');
    expect(cpu?.expected).toBe(25);
  });

  it('shares out what the detector attributes, also for readings that are missing or clipped', () => {
    const shares = blameShares(windowOf([Number.NaN, 16, 1e9]), score, blaming);
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
    const half = { ...score, value: 4 };
    expect(blameShares(windowOf([420, 16, 25]), half, blaming).reduce((a, b) => a + b)).toBeCloseTo(
      0.5,
      6,
    );
  });
});

describe('shares', () => {
  it('are between 0 and 1, descend, and sum to at most 1', () => {
    const contributions = fc.array(fc.float({ min: -5, max: 50, noNaN: true }), {
      ...{ minLength: 1, maxLength: 8 },
    });
    fc.assert(
      fc.property(contributions, fc.double({ min: 0, max: 60, noNaN: true }), (parts, value) => {
        const many = {
          channels: parts.map((_, c) => ({ id: `c${c}`, unit: '' })),
          scaler: { ...scaler, offset: parts.map(() => 0), scale: parts.map(() => 1) },
        };
        const window = { ...windowOf([5, 16, 25]), latest: new Float64Array(parts.length) };
        const shares = blamed(window, { value, perChannel: Float32Array.from(parts) }, many);
        const sizes = shares.map(({ share }) => share);
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
        expect(sizes.every((share) => share > 0 && share <= 1 + 1e-9)).toBe(true);
        expect(sizes.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it('are computed once for a row, and anew for each further one', () => {
    const blame = rowBlame(blaming);
    const window = windowOf([420, 16, 25]);
    const first = blame(window, score);
    expect(blame(window, score)).toBe(first);
    expect(blame({ ...window, endMs: 401_000 }, score)).not.toBe(first);
    expect(blame(window, { ...score })).not.toBe(first);
  });
});

describe('an alert policy with usual ranges', () => {
  const two = [
    { id: 'cpu', unit: '%' },
    { id: 'disk', unit: 'B/s' },
  ];

  it('learns from normal rows outside of alerts alone, and says what is usual', () => {
    const usual = new UsualRanges({ channels: two, intervalMs: 1000 });
    const target = policy({ closeAfter: 5, coolDownMs: 0 }, { usual });
    const alerts = run(target, [...times(100, 0.3), ...times(20, 1.2), ...times(20, 0.2)]);
    expect(alerts[0]?.channels[0]).toMatchObject({ id: 'cpu', usual: { low: 30, high: 30 } });
    expect(target.usual()[0]).toMatchObject({ id: 'cpu', most: 30 });
  });

  it('says in an update what is wrong now, beside its peak', () => {
    const target = policy({ updateEveryMs: 0, updateFactor: 1.2 });
    const alerts = run(target, [...times(10, 1.2), ...times(3, 2), ...times(60, 0.1)]);
    expect(alerts.map(({ state, now }) => `${state}${now ? '+now' : ''}`)).toEqual([
      'opened',
      'updated+now',
      'closed',
    ]);
    expect(alerts[1]?.now?.[0]).toMatchObject({ id: 'cpu', value: 200 });
  });
});
