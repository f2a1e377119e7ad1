import { describe, expect, it } from 'vitest';
import { withPossibleTimes } from '../../../src/app/streams/sample-way.ts';
import type { Source } from '../../../src/core/source.ts';
import { collect } from '../../io/collect.ts';

const NOW_MS = Date.UTC(2026, 10, 24);

function sourceOf(times: readonly number[], live: boolean): Source {
  return {
    id: 'plugged',
    channels: [{ id: 'a', unit: '' }],
    live,
    async *samples() {
      await Promise.resolve();
      for (const timeMs of times) yield { streamId: 's', timeMs, values: Float64Array.of(1) };
    },
  };
}

async function passed(times: readonly number[], live = true) {
  const told: string[] = [];
  const source = withPossibleTimes(
    sourceOf(times, live),
    (message) => told.push(message),
    () => NOW_MS,
  );
  return { times: (await collect(source)).map(({ timeMs }) => timeMs), told };
}

describe('times at the border of a stream', () => {
  it('are never such that a Date does not hold (#18)', async () => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, -8.7e15, 1e300];
    const { times, told } = await passed([...odd, NOW_MS]);
    expect(times).toEqual([NOW_MS]);
    expect(told[0]).toBe(
      'a reading was left out: it has the time NaN, expected milliseconds before the year 5138',
    );
    expect(told[1]).toContain('and 2 more before it');
  });

  it.each([
    [1e6, 'nanoseconds', 'divide it by 1e6'],
    [1e3, 'microseconds', 'divide it by 1e3'],
    [1e-3, 'seconds', 'multiply it by 1e3'],
  ])('are not in another unit: %d times as much', async (factor, unit, remedy) => {
    const { times, told } = await passed([NOW_MS * factor, NOW_MS]);
    expect(times).toEqual([NOW_MS]);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`which looks like ${unit}, expected milliseconds: ${remedy}`);
  });

  it('may be those of a clock that was never set, or was set wrongly', async () => {
    const odd = [0, 60_000, 86_400_000, Date.UTC(2133, 0, 1), Date.UTC(1999, 11, 31)];
    expect(await passed(odd)).toEqual({ times: odd, told: [] });
  });

  it('may be any of a recording, whatever day it is replayed on', async () => {
    expect(await passed([NOW_MS / 1000], false)).toEqual({ times: [NOW_MS / 1000], told: [] });
    expect((await passed([NOW_MS * 1000], false)).times).toEqual([]);
  });
});
