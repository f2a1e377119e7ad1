import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowOf } from '../../../src/core/series.ts';
import { gridded, scaledRows, windowStarts } from '../../../src/detection/windows/gridded.ts';
import { fitScaler } from '../../../src/detection/windows/scaler.ts';
import { SlidingWindow } from '../../../src/detection/windows/sliding-window.ts';
import { gapOptions } from '../../../src/detection/windows/window-options.ts';
import { series } from './samples.ts';

describe('gridded', () => {
  it('keeps a regular series as it is', () => {
    const raw = series([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const grid = gridded(raw, 1000);
    expect(grid.timeMs).toEqual(raw.timeMs);
    expect(grid.values).toEqual(raw.values);
    expect(grid.restarts).toEqual([0]);
    expect([...grid.imputed]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('fills short gaps, marks them, and notes where it restarts', () => {
    const raw = series([[1], [2], [3], [4]], [0, 1000, 4000, 60_000]);
    const grid = gridded(raw, 1000, { options: gapOptions.parse({ maxGap: 2 }) });
    expect([...grid.timeMs]).toEqual([0, 1000, 2000, 3000, 4000, 60_000]);
    expect([...grid.values]).toEqual([1, 2, 2, 2, 3, 4]);
    expect([...grid.imputed]).toEqual([0, 0, 1, 1, 0, 0]);
    expect(grid.restarts).toEqual([0, 5]);
    expect([...windowStarts(grid, 2, 1)]).toEqual([0, 1, 2, 3]);
    expect([...windowStarts(grid, 2, 0.5)]).toEqual([0, 1, 3]);
  });

  it('survives an empty series and one shorter than the window', () => {
    const empty = gridded(series([]), 1000);
    expect(empty.timeMs.length).toBe(0);
    expect(windowStarts(empty, 3).length).toBe(0);
    expect(windowStarts(gridded(series([[1], [2]]), 1000), 3).length).toBe(0);
  });

  it('gives training exactly the windows that the daemon sees', () => {
    const steps = fc.array(
      fc.tuple(
        fc.oneof(
          fc.constant(1000),
          fc.integer({ min: -30_000, max: 9000 }),
          fc.integer({ min: 1, max: 2000 }),
        ),
        fc.oneof(fc.double({ min: -5, max: 5, noNaN: true }), fc.constant(Number.NaN)),
        fc.double({ min: -5, max: 5, noNaN: true }),
      ),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 5 }), (rows, length) => {
        let timeMs = 0;
        const times = rows.map(([dt]) => (timeMs += dt));
        const raw = series([[1, 1], ...rows.map(([, a, b]) => [a, b])], [0, ...times]);
        const options = gapOptions.parse({ maxGap: 2, maxImputed: 0.4 });
        const scaler = fitScaler('robust', raw);
        const target = new SlidingWindow({
          streamId: 's',
          length,
          intervalMs: 1000,
          scaler,
          options,
        });
        const live: { endMs: number; values: number[] }[] = [];
        for (let i = 0; i < raw.timeMs.length; i++) {
          const sample = { streamId: 's', timeMs: raw.timeMs[i] as number, values: rowOf(raw, i) };
          for (const { endMs, values } of target.push(sample))
            live.push({ endMs, values: [...values] });
        }
        const grid = gridded(raw, 1000, { options });
        const all = scaledRows(grid, scaler);
        const offline = Array.from(windowStarts(grid, length, options.maxImputed), (start) => ({
          endMs: grid.timeMs[start + length - 1],
          values: [...all.subarray(start * 2, (start + length) * 2)],
        }));
        expect(offline).toEqual(live);
      }),
      { numRuns: 300 },
    );
  });
});
