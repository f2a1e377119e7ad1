import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Window } from '../../../src/core/window.ts';
import { SlidingWindow } from '../../../src/detection/windows/sliding-window.ts';
import { gapOptions } from '../../../src/detection/windows/window-options.ts';
import { identity, sample } from './samples.ts';

const HOUR_MS = 3_600_000;

function windower(
  length: number,
  width = 1,
  options: Partial<ReturnType<typeof gapOptions.parse>> = {},
) {
  return new SlidingWindow({
    streamId: 's',
    length,
    intervalMs: 1000,
    scaler: identity(width),
    options: gapOptions.parse({ maxGap: 3, maxImputed: 1, ...options }),
  });
}

function seen(windows: readonly Window[]) {
  return windows.map(({ endMs, values, latest, imputed }) => ({
    endMs,
    values: [...values],
    latest: [...latest],
    imputed,
  }));
}

describe('sliding-window', () => {
  it('warms up, then gives the last T rows with every sample, oldest first', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 30 }),
        (length, width, samples) => {
          const target = windower(length, width);
          const rows: number[][] = [];
          for (let i = 0; i < samples; i++) {
            const row = Array.from({ length: width }, (_, c) => i * 10 + c);
            rows.push(row);
            const windows = target.push(sample(i * 1000, ...row));
            expect(windows.length).toBe(i + 1 < length ? 0 : 1);
            for (const window of windows) {
              expect(window).toMatchObject({
                streamId: 's',
                endMs: i * 1000,
                length,
                width,
                imputed: 0,
              });
              expect([...window.values]).toEqual(rows.slice(-length).flat());
              expect([...window.latest]).toEqual(row);
            }
          }
        },
      ),
    );
  });

  it('gives growing windows from the least length on, and again after a restart of the grid', () => {
    const target = new SlidingWindow({
      streamId: 's',
      length: 4,
      least: 2,
      intervalMs: 1000,
      scaler: identity(1),
      options: gapOptions.parse({ maxGap: 3, maxImputed: 1 }),
    });
    const at = (timeMs: number, value: number): number[][] =>
      target.push(sample(timeMs, value)).map(({ length, values }) => {
        expect(values).toHaveLength(length);
        return [...values];
      });
    expect(at(0, 1)).toEqual([]);
    expect(at(1000, 2)).toEqual([[1, 2]]);
    expect(at(2000, 3)).toEqual([[1, 2, 3]]);
    expect(at(3000, 4)).toEqual([[1, 2, 3, 4]]);
    expect(at(4000, 5)).toEqual([[2, 3, 4, 5]]);
    expect(at(HOUR_MS, 6)).toEqual([]);
    expect(at(HOUR_MS + 1000, 7)).toEqual([[6, 7]]);
  });

  it('scales values, and gives the newest row in channel units', () => {
    const target = new SlidingWindow({
      streamId: 's',
      length: 1,
      intervalMs: 1000,
      scaler: { kind: 'robust', offset: [100, 0], scale: [10, 1], clip: 10 },
    });
    const [window] = target.push(sample(0, 120, 1000));
    expect([...(window?.values ?? [])]).toEqual([2, 10]);
    expect([...(window?.latest ?? [])]).toEqual([120, 1000]);
  });

  it('gives several windows after a short gap, all valid together, with their imputed share', () => {
    const target = windower(2);
    target.push(sample(0, 1));
    target.push(sample(1000, 2));
    expect(seen(target.push(sample(4000, 5)))).toEqual([
      { endMs: 2000, values: [2, 2], latest: [2], imputed: 0.5 },
      { endMs: 3000, values: [2, 2], latest: [2], imputed: 1 },
      { endMs: 4000, values: [2, 5], latest: [5], imputed: 0.5 },
    ]);
    expect(seen(target.push(sample(5000, 6)))).toMatchObject([{ values: [5, 6], imputed: 0 }]);
  });

  it.each([
    ['a long gap', 20_000],
    ['the clock jumping an hour forward', HOUR_MS],
    ['the clock jumping an hour back', -HOUR_MS],
  ])('warms up again after %s', (_, jumpMs) => {
    const target = windower(3);
    for (let i = 0; i < 5; i++) target.push(sample(i * 1000, i));
    const startMs = 4000 + jumpMs;
    expect(target.push(sample(startMs, 10))).toEqual([]);
    expect(target.push(sample(startMs + 1000, 11))).toEqual([]);
    expect(seen(target.push(sample(startMs + 2000, 12)))).toEqual([
      { endMs: startMs + 2000, values: [10, 11, 12], latest: [12], imputed: 0 },
    ]);
  });

  it('leaves out windows with too many imputed cells', () => {
    const target = windower(2, 2, { maxImputed: 0.3 });
    target.push(sample(0, 1, 1));
    target.push(sample(1000, 1, 1));
    expect(seen(target.push(sample(2000, 1, Number.NaN)))).toMatchObject([{ imputed: 0.25 }]);
    expect(target.push(sample(3000, 1, Number.NaN))).toEqual([]);
    expect(seen(target.push(sample(4000, 1, 2)))).toMatchObject([
      { imputed: 0.25, latest: [1, 2] },
    ]);
  });

  it('puts the training centre where a channel was never read, and says so', () => {
    const target = windower(2, 2, { maxImputed: 0.5 });
    target.push(sample(0, 5, Number.NaN));
    expect(seen(target.push(sample(1000, 6, Number.NaN)))).toEqual([
      { endMs: 1000, values: [5, 0, 6, 0], latest: [6, Number.NaN], imputed: 0.5 },
    ]);
  });

  it('lends the same memory every time: no allocation a push', () => {
    const target = windower(4, 2);
    const buffers = new Set<ArrayBufferLike>();
    const views = new Set<Float32Array>();
    for (let i = 0; i < 100; i++) {
      for (const window of target.push(sample(i * 1000, i, i))) {
        buffers.add(window.values.buffer);
        buffers.add(window.latest.buffer);
        views.add(window.values);
      }
    }
    expect(buffers.size).toBe(2);
    expect(views.size).toBe(4);
  });

  it('refuses a length that is none', () => {
    expect(() => windower(0)).toThrow(RangeError);
    expect(() => windower(2.5)).toThrow(RangeError);
  });
});
