import { describe, expect, it } from 'vitest';
import { faultTable } from '../../../src/app/demo/fault-outcomes.ts';
import { createIntervals, judge } from '../../../src/app/demo/verdict.ts';
import type { LabelledSeries } from '../../../src/lab/series/labelled-series.ts';
import { labelsOf, type Segment } from '../../../src/lab/series/segments.ts';

const ROWS = 1000;
const START_MS = 1_700_000_000_000;

/** A row a second; two faults, at 200..230 and 600..650. */
function recording(): LabelledSeries {
  const channels = [{ id: 'a', unit: '' }];
  const timeMs = Float64Array.from({ length: ROWS }, (_, row) => START_MS + 1000 * row);
  const test = { id: 'x', channels, timeMs, values: new Float64Array(ROWS) };
  const segments = [
    { start: 200, end: 230, kind: 'cpu_hog' },
    { start: 600, end: 650, kind: 'leak' },
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

  it('counts a fault as caught when an alert opens in it, with the delay until it was told', () => {
    const verdict = judge(recording(), [{ start: at(205), end: at(240) }], flat);
    expect(verdict).toMatchObject({ events: 2, caught: 1, medianDelayS: 5, falseAlarms: 0 });
  });

  it('catches nothing with an alert that is open already (#19)', () => {
    const verdict = judge(recording(), [{ start: at(205), end: at(700) }], flat);
    expect(verdict).toMatchObject({ caught: 1, falseAlarms: 0 });
  });

  it('counts an alert that opened outside a fault as false, also when a fault came later', () => {
    const alerts = [
      { start: at(100), end: at(120) },
      { start: at(590), end: at(640) },
    ];
    const verdict = judge(recording(), alerts, flat);
    expect(verdict).toMatchObject({ caught: 0, falseAlarms: 2 });
    expect(verdict.falseAlarmsPerDay).toBeCloseTo((2 * 86_400) / (ROWS - 1), 6);
  });

  it('says of each fault when it was caught, or why it was missed (#19)', () => {
    const missedWith = (peak: number, alerts: readonly Segment[] = []) =>
      judge(
        recording(),
        alerts,
        reports((row) => (row === 620 ? peak : 0.1)),
      ).faults;
    expect(missedWith(0.8, [{ start: at(203), end: at(240) }])).toEqual([
      { kind: 'cpu_hog', startMs: at(200), delayS: 3, afterEndS: 0, peak: 0.1, missed: undefined },
      {
        ...{ kind: 'leak', startMs: at(600), delayS: undefined, afterEndS: 0, peak: 0.8 },
        missed: 'low',
      },
    ]);
    expect(missedWith(1.2)[1]).toMatchObject({ missed: 'brief', peak: 1.2 });
    expect(missedWith(1.2, [{ start: at(590), end: at(640) }])[1]).toMatchObject({
      missed: 'open',
    });
    expect(missedWith(0.9, [{ start: at(590), end: at(640) }])[1]).toMatchObject({ missed: 'low' });
  });

  it('says how long after its end a fault was caught: such an alert blames what it left behind (#21)', () => {
    const { segments } = recording();
    const end = segments[0]?.end ?? 0;
    const [late] = judge(recording(), [{ start: at(end + 4), end: at(end + 20) }], flat).faults;
    expect(late).toMatchObject({ kind: 'cpu_hog', afterEndS: 5, delayS: end + 4 - 200 });
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

describe('the table of faults', () => {
  it('has a line for each kind', () => {
    const fault = { startMs: 0, peak: 1.25, delayS: undefined, afterEndS: 0, missed: undefined };
    const table = faultTable([
      { ...fault, kind: 'cpu_hog', delayS: 8.4 },
      { ...fault, kind: 'leak', peak: 0.8, missed: 'low' },
      { ...fault, kind: 'cpu_hog', missed: 'open' },
      { ...fault, kind: 'leak', peak: 0.641, missed: 'low' },
      { ...fault, kind: 'leak', missed: 'brief' },
      { ...fault, kind: 'cpu_hog', delayS: 12, afterEndS: 4 },
    ]);
    expect(table.split('\n')).toEqual([
      'fault    caught after                   missed',
      'cpu hog  8 s, 12 s (4 s after its end)  began while an earlier alert was still open',
      'leak     -                              reached 0.80, 0.64 of the level; above the level too briefly (1.25)',
    ]);
  });
});

describe('intervals', () => {
  it('begin when an alert was first sent and end when it closed', () => {
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
