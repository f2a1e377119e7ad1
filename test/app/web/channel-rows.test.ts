import { describe, expect, it } from 'vitest';
import { createChannelRows } from '../../../src/app/web/view/channel-rows.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 10, 24, 12);
const TWO = [
  { id: 'power', unit: 'W' },
  { id: 'flow', unit: 'l/min' },
];

function rowsOf(streamId = 'motor') {
  const rows = createChannelRows();
  const note = (atMs: number, values: readonly number[], channels = TWO) =>
    rows.note({ streamId, timeMs: START_MS + atMs, channels, values });
  return { rows, note };
}

describe('values of channels for charts', () => {
  it('are those of each second within the last minutes, null where there was no reading', () => {
    const { rows, note } = rowsOf();
    note(0, [1, 2]);
    note(1000, [Number.NaN, 3]);
    note(400_000, [5, Number.NaN]);
    note(400_500, [4, Number.NaN]);
    expect(rows.channels('motor')).toEqual([
      { id: 'power', unit: 'W', value: 4, goneMs: null },
      { id: 'flow', unit: 'l/min', value: null, goneMs: null },
    ]);
    const { timeMs, channels, toMs } = rows.stretch('motor', ['flow', 'power'], 0);
    expect(timeMs).toEqual([START_MS + 400_000]);
    expect(toMs).toBe(START_MS + 400_500);
    expect(channels).toEqual([
      { id: 'flow', unit: 'l/min', low: [null], high: [null] },
      { id: 'power', unit: 'W', low: [4], high: [5] },
    ]);
  });

  it('keep a single peak of a day in sight, and no more than 300 steps', () => {
    const { rows, note } = rowsOf();
    for (let minute = 0; minute < 26 * 60; minute += 1) {
      note(minute * 60_000, [minute === 700 ? 900 : 10, 1]);
    }
    const { timeMs, channels } = rows.stretch('motor', ['power'], 24);
    const { low = [], high = [] } = channels[0] ?? {};
    expect(timeMs.length).toBeGreaterThan(290);
    expect(timeMs.length).toBeLessThanOrEqual(300);
    expect(Math.max(...(high as number[]))).toBe(900);
    expect(Math.max(...(low as number[]))).toBe(10);
    expect(timeMs).toEqual([...timeMs].sort((a, b) => a - b));
    expect(rows.stretch('motor', ['power'], 168).timeMs.length).toBeGreaterThan(40);
  });

  it('stay for a week when a channel vanishes, and say since when it is gone (#21)', () => {
    const { rows, note } = rowsOf();
    note(0, [1, 2]);
    note(10_000, [3], TWO.slice(0, 1));
    expect(rows.channels('motor')).toEqual([
      { id: 'power', unit: 'W', value: 3, goneMs: null },
      { id: 'flow', unit: 'l/min', value: 2, goneMs: START_MS },
    ]);
    const [flow, never] = rows.stretch('motor', ['flow', 'never'], 0).channels;
    expect(flow).toMatchObject({ unit: 'l/min', high: [2, null] });
    expect(never).toEqual({ id: 'never', unit: null, low: [null, null], high: [null, null] });
    note(200 * HOUR_MS, [3], [...TWO.slice(0, 1)]);
    note(200 * HOUR_MS + 1000, [3], [...TWO.slice(0, 1)]);
    note(201 * HOUR_MS, [3], [...TWO.slice(0, 1)]);
    expect(rows.channels('motor').map(({ id }) => id)).toEqual(['power']);
  });

  it('begin anew when the clock was set back, and when a channel has another unit', () => {
    const { rows, note } = rowsOf();
    note(HOUR_MS, [1, 2]);
    note(0, [7, 8]);
    expect(rows.stretch('motor', ['power'], 1).timeMs).toEqual([START_MS]);
    note(13_000, [9, 1], [{ id: 'power', unit: 'kW' }, ...TWO.slice(1)]);
    expect(rows.stretch('motor', ['power'], 0).channels[0]).toMatchObject({
      ...{ unit: 'kW', high: [null, 9] },
    });
  });

  it('are none of a stream without rows', () => {
    const { rows } = rowsOf();
    expect(rows.channels('other')).toEqual([]);
    expect(rows.stretch('other', ['power'], 0)).toMatchObject({ timeMs: [] });
  });
});
