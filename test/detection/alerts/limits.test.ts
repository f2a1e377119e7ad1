// Hard limits of channels: alerts that need no model (#21).
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { type AlertOptions, alertOptions } from '../../../src/detection/alerts/alert-options.ts';
import { createLimitCheck } from '../../../src/detection/alerts/limits.ts';
import { alertSentence } from '../../../src/io/text/alert-sentence.ts';

const channels = [
  { id: 'cpu.temperature', unit: '°C' },
  { id: 'disk.free', unit: '%' },
  { id: 'load', unit: '' },
];
const DAY_MS = 86_400_000;
const disk = { 'disk.free[%]': { below: 5 } };

interface Setup {
  readonly limits?: Record<string, unknown>;
  readonly resume?: readonly Alert[];
}

function checking({ limits = disk, resume = [] }: Setup = {}) {
  const options: AlertOptions = alertOptions.parse({ limits });
  const target = createLimitCheck(options, { streamId: 's', channels, resume });
  /** One reading a second of one channel; the others have none. */
  const feed = (readings: readonly number[], startMs = 0, place = 1, everyMs = 1000): Alert[] =>
    readings.flatMap((reading, i) => {
      const values = Float64Array.from(channels, (_, c) => (c === place ? reading : Number.NaN));
      return [...target.check({ streamId: 's', timeMs: startMs + i * everyMs, values })];
    });
  return { target, feed };
}

function brief(alerts: readonly Alert[]): string {
  return alerts.map(({ state, timeMs }) => `${state}@${timeMs / 1000}`).join(' ');
}

describe('limits', () => {
  it('warns of a disk that fills, before 95 %', () => {
    const { feed } = checking({ limits: { 'disk.free[%]': { below: 10, severity: 'warning' } } });
    const filling = Array.from({ length: 600 }, (_, i) => 40 - i / 15);
    const [opened, ...more] = feed(filling);
    expect(more).toEqual([]);
    expect(opened).toMatchObject({
      id: 'limit-s-451000-disk.free',
      kind: 'limit',
      state: 'opened',
      severity: 'warning',
      modelId: '',
      level: 10,
      evidence: { path: 'limit' },
      channels: [{ id: 'disk.free', unit: '%', share: 1, expected: null }],
    });
    expect(opened?.channels[0]?.value).toBeGreaterThan(5);
    expect(alertSentence(opened as Alert)).toMatch(/^\S.* 9\.\d+ %, below its limit of 10 %/);
  });

  it('opens with N of M readings, and ignores single ones', () => {
    const { feed } = checking();
    expect(feed([4, 50, 50, 50, 4, 50, 50, 50])).toEqual([]);
    expect(brief(feed([50, 4, 50, 4, 4], 100_000))).toBe('opened@104');
  });

  it('waits for the configured time', () => {
    const { feed } = checking({ limits: { 'disk.free': { below: 5, forS: 60 } } });
    expect(brief(feed(Array.from({ length: 100 }, () => 4)))).toBe('opened@60');
  });

  it('closes only well within the limit: what stays at the bound is one alert', () => {
    const { feed } = checking();
    const around = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? 4.95 : 5.2));
    expect(brief(feed(around))).toBe('opened@4');
    const [closed, ...more] = feed(
      Array.from({ length: 100 }, () => 8),
      300_000,
    );
    expect(more).toEqual([]);
    expect(closed).toMatchObject({ state: 'closed', timeMs: 329_000, endMs: 299_000 });
    expect(alertSentence(closed as Alert)).toContain('within its limit of 5 % again');
  });

  it('has a limit above and one below, and says which', () => {
    const limits = { 'cpu.temperature[°C]': { above: 80, below: -10, severity: 'warning' } };
    const hot = checking({ limits }).feed([81, 82, 83], 0, 0);
    expect(alertSentence(hot[0] as Alert)).toMatch(/ 83 °C, above its limit of 80 °C/);
    const cold = checking({ limits }).feed([-20, -20, -20], 0, 0);
    expect(cold[0]).toMatchObject({ level: -10, score: 2 });
    expect(alertSentence(cold[0] as Alert)).toMatch(/ -20 °C, below its limit of -10 °C/);
  });

  it('takes 0 as a bound', () => {
    const { feed } = checking({ limits: { load: { below: 0 } } });
    expect(feed([-1, -1, -1], 0, 2)).toMatchObject([{ level: 0, score: 2 }]);
    expect(
      brief(
        feed(
          Array.from({ length: 40 }, () => 0),
          3000,
          2,
        ),
      ),
    ).toBe('closed@32');
  });

  it('leaves a channel without a reading as it is', () => {
    const { feed } = checking();
    const nothing = Array.from({ length: 100 }, () => Number.NaN);
    expect(feed(nothing)).toEqual([]);
    expect(brief(feed([4, Number.NaN, Number.POSITIVE_INFINITY, 4, 4], 100_000))).toBe(
      'opened@104',
    );
    expect(feed(nothing, 200_000)).toEqual([]);
  });

  it('has an alert for each channel, even at the same time', () => {
    const { target } = checking({ limits: { ...disk, load: { above: 4 } } });
    const states = [0, 1, 2].flatMap((i) => [
      ...target.check({ streamId: 's', timeMs: i, values: Float64Array.of(20, 1, 9) }),
    ]);
    expect(states.map(({ id }) => id)).toEqual(['limit-s-0-disk.free', 'limit-s-0-load']);
    expect(target.finish().map(({ state }) => state)).toEqual(['closed', 'closed']);
    expect(target.finish()).toEqual([]);
  });

  it('goes on after a restart, and closes what is no longer limited', () => {
    const [opened] = checking().feed([4, 4, 4]) as [Alert];
    const again = checking({ resume: [opened] });
    expect(again.feed([4, 4, 4], 50_000)).toEqual([]);
    expect(
      again.feed(
        Array.from({ length: 60 }, () => 9),
        60_000,
      ),
    ).toMatchObject([{ id: opened.id, state: 'closed', startMs: 0, endMs: 52_000 }]);
    const without = checking({ limits: {}, resume: [opened] });
    expect(without.feed([4, 4, 4], 50_000)).toMatchObject([{ id: opened.id, state: 'closed' }]);
  });

  it('reminds after an hour and then daily, also over a restart', () => {
    const minutes = (count: number) => Array.from({ length: count }, () => 4);
    const first = checking();
    const told = first.feed(minutes(3 * 1440), 0, 1, 60_000);
    const hours = (alerts: readonly Alert[]) => alerts.map(({ timeMs }) => timeMs / 3_600_000);
    expect(hours(told.slice(1))).toEqual([1, 25, 49]);
    expect(told.slice(1)).toMatchObject(
      [1, 2, 3].map(() => ({ state: 'updated', reminder: true })),
    );
    const again = checking({ resume: told.slice(-1) });
    expect(hours(again.feed(minutes(2 * 1440), 3 * DAY_MS, 1, 60_000))).toEqual([73, 97]);
  });

  it('does not remind of a reading that is within the limit again (#21)', () => {
    const { feed } = checking();
    feed([4, 4, 4], 0, 1, 60_000);
    const [closed, ...more] = feed([4, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6], 3_540_000, 1, 10_000);
    expect(more).toEqual([]);
    expect(closed).toMatchObject({ state: 'closed', score: 0 });
  });

  it('survives a clock that is set back', () => {
    const { feed } = checking();
    feed([4, 4], DAY_MS);
    expect(feed([4, 4], 0)).toEqual([]);
    expect(brief(feed([4, 4, 4], 10_000))).toBe('opened@10');
    expect(
      brief(
        feed(
          Array.from({ length: 60 }, () => 9),
          0,
        ),
      ),
    ).toBe('closed@30');
  });

  it.each([
    ['above, below or both', { 'disk.free': {} }],
    ['below to be less than above', { 'disk.free': { below: 5, above: 5 } }],
    ['at', { 'disk.free': { below: 5, at: 3 } }],
    ['number', { 'disk.free': { below: Number.NaN } }],
    ['number', { 'disk.free': { below: 5, forS: -1 } }],
  ])('refuses impossible bounds, and says: %s', (words, limits) => {
    expect(alertOptions.safeParse({ limits }).error?.message).toContain(words);
  });

  it('refuses a channel that the stream does not have, in one line', () => {
    const create = () => checking({ limits: { 'disk.fre[%]': { below: 5 } } });
    expect(create).toThrow(ConfigError);
    expect(create).toThrow(
      /^alerts\.limits name disk\.fre\[%\], which stream 's' does not have: choose from cpu\.temperature\[°C\], disk\.free\[%\], load$/,
    );
  });
});
