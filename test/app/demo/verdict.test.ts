import { describe, expect, it } from 'vitest';
import { createIntervals } from '../../../src/app/demo/intervals.ts';
import { judge } from '../../../src/app/demo/verdict.ts';
import type { LabelledSeries } from '../../../src/lab/labelled-series.ts';
import { labelsOf } from '../../../src/lab/segments.ts';

const ROWS = 1000;
const START_MS = 1_700_000_000_000;

/** A row a second; two faults, at 200..230 and 600..650. */
function recording(): LabelledSeries {
  const channels = [{ id: 'a', unit: '' }];
  const timeMs = Float64Array.from({ length: ROWS }, (_, row) => START_MS + 1000 * row);
  const test = { id: 'x', channels, timeMs, values: new Float64Array(ROWS) };
  const segments = [
    { start: 200, end: 230 },
    { start: 600, end: 650 },
  ];
  return {
    id: 'x',
    train: test,
    test,
    labels: labelsOf(segments, ROWS),
    segments,
    intervalMs: 1000,
  };
}

const at = (second: number): number => START_MS + 1000 * second;
const reports = (score: (row: number) => number) =>
  Array.from({ length: ROWS }, (_, row) => ({
    streamId: 'x',
    timeMs: at(row),
    score: score(row),
    level: 1,
    anomalous: score(row) > 1,
  }));

describe('verdict of the demo', () => {
  const flat = reports(() => 0.1);

  it('counts a fault as caught when an alert touches it, with the delay until it was told', () => {
    const verdict = judge(recording(), [{ start: at(205), end: at(240) }], flat);
    expect(verdict).toMatchObject({ events: 2, caught: 1, medianDelayS: 5, falseAlarms: 0 });
  });

  it('counts an alert raised outside a fault as false, also when a fault came later', () => {
    const alerts = [
      { start: at(100), end: at(120) },
      { start: at(590), end: at(640) },
    ];
    const verdict = judge(recording(), alerts, flat);
    expect(verdict).toMatchObject({ caught: 1, falseAlarms: 2 });
    expect(verdict.falseAlarmsPerDay).toBeCloseTo((2 * 86_400) / (ROWS - 1), 6);
  });

  it('has no delay when nothing was caught', () => {
    expect(judge(recording(), [], flat).medianDelayS).toBeUndefined();
  });

  it('gives the area its full value when the score knows the faults', () => {
    const { labels } = recording();
    const knowing =
      judge(
        recording(),
        [],
        reports((row) => labels[row] as number),
      ).vusPr ?? 0;
    const ignorant =
      judge(
        recording(),
        [],
        reports((row) => (row * 7919) % 997),
      ).vusPr ?? 0;
    expect(knowing).toBeGreaterThan(0.7);
    expect(ignorant).toBeLessThan(0.3);
  });
});

describe('intervals', () => {
  it('begin when an alert was first told of and end when it closed', () => {
    const told = createIntervals();
    told.note('a', 10, null);
    told.note('b', 15, null);
    told.note('a', 20, null);
    told.note('a', 30, 28);
    expect(told.all()).toEqual([
      { start: 10, end: 28 },
      { start: 15, end: Number.POSITIVE_INFINITY },
    ]);
  });
});
