import { describe, expect, it } from 'vitest';
import { UsualRanges, usualOf } from '../../../src/detection/alerts/usual-ranges.ts';
import { createRandom } from '../../../src/engine/random.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const channels = [
  { id: 'disk.write', unit: 'MB/s' },
  { id: 'memory.used', unit: '%' },
];
const utc = { zoneMinutes: () => 0 };
const setup = { channels, intervalMs: 60_000, ...utc };

/** A row a minute for some days: disk from 0 to 10, at six up to 100; memory about 50. */
function days(count: number, into: UsualRanges, { fromMs = 0, scale = 1 } = {}): void {
  const random = createRandom(3);
  for (let minute = 0; minute < count * 1440; minute += 1) {
    const timeMs = fromMs + minute * 60_000;
    const hour = Math.floor((timeMs % DAY_MS) / HOUR_MS);
    const most = hour === 6 ? 100 : 10;
    into.learn(timeMs, Float64Array.of(scale * most * random.uniform(), 50 + random.uniform()));
  }
}

describe('usual ranges', () => {
  it('are those of the hour once it is known from several days, else of all hours', () => {
    const ranges = new UsualRanges(setup);
    days(2, ranges);
    const six = 2 * DAY_MS + 6.5 * HOUR_MS;
    expect(ranges.rangeOf(0, six)).toEqual(ranges.rangeOf(0, six + 4 * HOUR_MS));
    days(6, ranges, { fromMs: 2 * DAY_MS });
    expect(ranges.rangeOf(0, six + 6 * DAY_MS)?.high).toBeGreaterThan(90);
    const noon = ranges.rangeOf(0, 8 * DAY_MS + 12 * HOUR_MS);
    expect(noon?.high).toBeGreaterThan(9);
    expect(noon?.high).toBeLessThan(10.5);
    expect(noon?.low).toBeGreaterThanOrEqual(0);
  });

  it('follow the local clock through the change to summer time', () => {
    const summerMs = 10 * DAY_MS;
    const zoneMinutes = (timeMs: number) => (timeMs < summerMs ? -60 : -120);
    const ranges = new UsualRanges({ ...setup, zoneMinutes });
    days(10, ranges); // the job runs at six UTC, which is seven by the clock
    expect(ranges.rangeOf(0, summerMs - DAY_MS + 6.5 * HOUR_MS)?.high).toBeGreaterThan(90);
    expect(ranges.rangeOf(0, summerMs + 5.5 * HOUR_MS)?.high).toBeGreaterThan(90);
    expect(ranges.rangeOf(0, summerMs + 6.5 * HOUR_MS)?.high).toBeLessThan(11);
  });

  it('are unknown from fewer than 50 readings, and of a channel that was never read', () => {
    const ranges = new UsualRanges(setup);
    for (let i = 0; i < 49; i += 1) ranges.learn(i * 60_000, Float64Array.of(i, Number.NaN));
    expect(ranges.rangeOf(0, 0)).toBeUndefined();
    ranges.learn(49 * 60_000, Float64Array.of(7, Number.NaN));
    expect(ranges.rangeOf(0, 0)).toEqual({ low: 0, high: 48 });
    expect(ranges.rangeOf(1, 0)).toBeUndefined();
    expect(ranges.state().map(({ id }) => id)).toEqual(['disk.write']);
  });

  it('hardly move for a single reading, follow a new level, and forget an old one', () => {
    const ranges = new UsualRanges(setup);
    days(7, ranges);
    const noon = 7 * DAY_MS + 12 * HOUR_MS;
    const before = ranges.rangeOf(0, noon)?.high ?? 0;
    ranges.learn(noon, Float64Array.of(1000, 50));
    expect(ranges.rangeOf(0, noon)?.high).toBeLessThan(before + 0.06 * 1000);
    days(14, ranges, { fromMs: 8 * DAY_MS, scale: 3 });
    expect(ranges.rangeOf(0, 22 * DAY_MS + 12 * HOUR_MS)?.high).toBeGreaterThan(24);
    days(60, ranges, { fromMs: 22 * DAY_MS });
    expect(ranges.rangeOf(0, 82 * DAY_MS + 12 * HOUR_MS)?.high).toBeLessThan(21);
  });

  it('go on where an earlier run stopped, and take of two sources the one with more readings', () => {
    const ranges = new UsualRanges(setup);
    days(4, ranges);
    const kept = JSON.parse(JSON.stringify(ranges.state())) as ReturnType<UsualRanges['state']>;
    const poor = new UsualRanges(setup);
    days(1, poor, { scale: 9 });
    const again = new UsualRanges({ ...setup, known: [...poor.state(), ...kept] });
    expect(again.state()).toEqual(ranges.state());
    expect(again.rangeOf(0, 0)).toEqual(ranges.rangeOf(0, 0));
    const renamed = [{ id: 'disk.write', unit: 'kB/s' }];
    const other = new UsualRanges({ ...setup, channels: renamed, known: kept });
    expect(other.rangeOf(0, 0)).toBeUndefined(); // another unit is another channel
  });

  it('know what a channel cannot be', () => {
    const ranges = new UsualRanges(setup);
    expect(ranges.canBe(0, -1)).toBe(true); // nothing was seen
    days(1, ranges);
    expect([ranges.canBe(0, -0.1), ranges.canBe(0, 1e9)]).toEqual([false, true]);
    expect([ranges.canBe(1, 100.1), ranges.canBe(1, 100)]).toEqual([false, true]);
    ranges.learn(0, Float64Array.of(-5, 130));
    expect([ranges.canBe(0, -0.1), ranges.canBe(1, 150)]).toEqual([true, true]);
  });

  it('of recorded rows are exact quantiles', () => {
    const rows = 1001;
    const timeMs = Float64Array.from({ length: rows }, (_, row) => row * 1000);
    const series = {
      id: 'r',
      channels: [{ id: 'x', unit: '' }],
      timeMs,
      values: Float64Array.from({ length: rows }, (_, row) => (row * 3) % rows),
    };
    const model = { channels: series.channels, intervalMs: 1000 };
    const [found] = usualOf(series, model, utc.zoneMinutes);
    expect(found).toMatchObject({ id: 'x', least: 0, most: 1000 });
    expect(found?.cells[0]?.slice(0, 4)).toEqual([5, 995, 1001, 1]);
    expect(found?.cells[1]).toEqual(found?.cells[0]);
    expect(found?.cells[2]).toBeNull();
  });
});
