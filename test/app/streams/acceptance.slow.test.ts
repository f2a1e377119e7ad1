// A new level that stays: accepted on the third day, learnt from the rows since, and quiet afterwards (#21).
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import type { Series } from '../../../src/core/series.ts';
import { recorded, START_MS } from '../recording.ts';
import { sourceOf, watching } from './watching.ts';

const ROW_MS = 600_000;
const DAY = 144; // rows
const HOUR_MS = 3_600_000;

/** Ten minutes a row; both channels read more from one row on, and one much more in a fault. */
function changed(from: number, rows: number, fault: readonly [number, number]): Series {
  const series = recorded({ rows, seed: 7 });
  const values = series.values.map((value, cell) => {
    const row = Math.floor(cell / 2);
    const isFault = row >= fault[0] && row < fault[1];
    return (
      value + (row >= from ? ([8, 40][cell % 2] ?? 0) : 0) + (isFault && cell % 2 === 1 ? 60 : 0)
    );
  });
  const timeMs = series.timeMs.map((_, row) => START_MS + row * ROW_MS);
  return { ...series, values, timeMs };
}

const settings = {
  intervalMs: ROW_MS,
  learn: { intervalMs: ROW_MS },
  retrain: { keepHours: 240, firstDays: false },
  alerts: { remindAfterMs: 0, longMs: 1e12, maxSilenceMs: 1e12 },
  health: { maxAgeMs: 0, stuckAfterMs: 0 },
  threshold: 'pot',
};

function brief(alerts: readonly Alert[]): readonly string[] {
  const changes = alerts.filter(({ state }) => state !== 'updated');
  return changes.map(({ state, outcome, timeMs }) => {
    const day = Math.floor((timeMs - START_MS) / (24 * HOUR_MS));
    return `${outcome ?? state} on day ${day}`;
  });
}

describe('a changed load', () => {
  it('is accepted on day three, trained for, and quiet afterwards; a fault rings', async () => {
    const LOOK = 4 * DAY;
    const series = changed(20, 9 * DAY, [8 * DAY, 8 * DAY + 30]);
    const source = sourceOf(
      true,
      async (row) => {
        if (row === LOOK) await stream.retrainings.of('machine').look();
      },
      series,
    );
    const stream = await watching(source, settings);
    await stream.done;
    const { saved, models } = stream;
    expect(brief(saved)).toEqual([
      'opened on day 0',
      'accepted on day 3',
      'opened on day 8',
      'closed on day 8',
    ]);
    expect(models).toHaveLength(2);
  });

  it('is what is usual from then on, however long the old level was known', async () => {
    const source = sourceOf(
      true,
      async (row) => {
        if (row === 9 * DAY) await stream.retrainings.of('machine').look();
      },
      changed(5 * DAY, 13 * DAY, [12 * DAY, 12 * DAY + 30]),
    );
    const stream = await watching(source, settings);
    await stream.done;
    const opened = stream.saved.filter(({ state }) => state === 'opened');
    const usual = opened.map(
      ({ channels }) => channels.find(({ id }) => id === 'temperature')?.usual,
    );
    expect(usual).toHaveLength(2);
    expect(usual[1]?.low).toBeGreaterThan(usual[0]?.high ?? Number.POSITIVE_INFINITY);
  });

  it('is trained for after a restart too, and opens no second alert before', async () => {
    const first = await watching(
      sourceOf(true, () => undefined, changed(20, 4 * DAY, [0, 0])),
      {
        ...settings,
        retrain: { keepHours: 240, firstDays: false },
      },
    );
    await first.done;
    expect(brief(first.saved)).toEqual(['opened on day 0', 'accepted on day 3']);
    const later = changed(0, 2 * DAY, [0, 0]);
    const timeMs = later.timeMs.map((time) => time + 4 * DAY * ROW_MS);
    const due: boolean[] = [];
    const source = sourceOf(
      true,
      async (row) => {
        if (row !== DAY) return;
        await second.retrainings.of('machine').look();
        due.push(true);
      },
      { ...later, timeMs },
    );
    const second = await watching(source, { ...settings, left: first.saved, state: first.state });
    await second.done;
    expect(due).toEqual([true]);
    expect(second.saved.length).toBe(first.saved.length);
    expect(second.models).toHaveLength(2);
  });

  it('is accepted at once when people ask for it', async () => {
    const source = sourceOf(
      true,
      async (row) => {
        const [open] = stream.saved;
        if (row !== 2 * DAY || !open) return;
        expect(stream.retrainings.accept('machine', 'another')).toBe(false);
        expect(stream.retrainings.accept('elsewhere', open.id)).toBe(false);
        expect(stream.retrainings.accept('machine', open.id)).toBe(true);
        await stream.retrainings.of('machine').look();
      },
      changed(20, 4 * DAY, [0, 0]),
    );
    const stream = await watching(source, settings);
    await stream.done;
    expect(brief(stream.saved)).toEqual(['opened on day 0', 'accepted on day 1']);
    expect(stream.told).toEqual(stream.saved);
    expect(stream.models).toHaveLength(2);
  });
});
