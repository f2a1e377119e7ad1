import { beforeAll, describe, expect, it } from 'vitest';
import type { Series } from '../../src/core/series.ts';
import { alertOptions } from '../../src/detection/alerts/alert-options.ts';
import { judgedLesson } from '../../src/detection/lesson.ts';
import { gapOptions } from '../../src/detection/windows/window-options.ts';
import { runTraining } from '../../src/detectors/training/run-training.ts';
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { runContender } from '../../src/lab/retraining/contender.ts';
import {
  between,
  type Change,
  EVENTS,
  LESSON_ROWS,
  LESSONS,
  START_MS,
  simulated,
} from './simulated-lesson.ts';

type Event = keyof typeof EVENTS;

let kernels: Kernels;
beforeAll(async () => {
  kernels = await loadKernels('plain');
});

/** What is said, with the first and the last row. */
function said(series: Series): readonly string[] {
  return judgedLesson(series).doubts.map(({ change, when, channels, fromMs, toMs }) => {
    const [from, to] = [fromMs, toMs].map((ms) => (ms - START_MS) / 1000);
    return `${channels.join(', ')} ${change} ${when} ${from}-${to}`;
  });
}

function keptRows(series: Series): ReadonlySet<number> {
  return new Set([...judgedLesson(series).calm.timeMs].map((ms) => (ms - START_MS) / 1000));
}

const FAULTS = 4;
const FAULT_ROWS = 40;
const APART = 200;

/** How many of four faults of a kind a model finds that has learnt these rows. */
async function caughtBy(series: Series, event: Event): Promise<number> {
  const task = { kind: 'knn', options: {}, seed: 1, intervalMs: 1000, series };
  const model = await runTraining(task, kernels, () => undefined);
  const starts = Array.from({ length: FAULTS }, (_, fault) => (fault + 1) * APART);
  const test = simulated(
    starts.map((from) => between(from, from + FAULT_ROWS, EVENTS[event])),
    { seed: 99, rows: (FAULTS + 1) * APART },
  );
  const before = { ...test, timeMs: new Float64Array(0), values: new Float64Array(0) };
  const settings = {
    threshold: { kind: 'pot', options: {} },
    alerts: alertOptions.parse({}),
    windows: gapOptions.parse({}),
  };
  const { openedMs } = runContender({ model }, { before, series: test }, settings, {
    kernels,
  });
  const opened = openedMs.map((ms) => (ms - START_MS) / 1000);
  return starts.filter((from) => opened.some((row) => row >= from && row < from + FAULT_ROWS))
    .length;
}

describe('a lesson', () => {
  it.each(['calm', 'job that recurs', 'daily turn'])('%s: is accepted as it is', (name) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const series = simulated(LESSONS[name] ?? [], { seed });
      const { calm, doubts } = judgedLesson(series);
      expect(doubts).toEqual([]);
      expect(calm.timeMs).toEqual(series.timeMs);
    }
  });

  // the rows that are at fault, what is said of which channel, and the fault that a model misses when it has learnt them
  it.each([
    ['busy at first', [0, 800], /load.* higher first 0-8\d\d/, 'busy'],
    [
      'busy for a while',
      [800, 1000],
      /load.* higher once (7[5-9]\d|8\d\d)-(9\d\d|10[0-4]\d)/,
      'busy',
    ],
    ['step that stays', [1200, 1800], /network higher last 1[12]\d\d-1799/, 'network'],
    ['single outliers', [500, 502], /load outlier once 500-501/, 'spike'],
    ['anomaly that lasts', [1400, 1800], /current lower last 1[34]\d\d-1799/, 'current'],
    ['start-up', [0, 100], /temperature.* higher first 0-/, 'hot'],
    [
      'stuck for a while',
      [620, 880],
      /temperature stuck once (5[5-9]|6[0-4])\d-(8[5-9]|9[0-4])\d/,
      undefined,
    ],
    ['missing for a while', [310, 690], /temperature missing once [23]\d\d-[67]\d\d/, undefined],
  ] as const)('%s: is told, and its rows are left out', async (name, [from, to], words, event) => {
    const series = simulated(LESSONS[name] ?? []);
    expect(
      said(series).some((line) => words.test(line)),
      said(series).join('\n'),
    ).toBe(true);
    const kept = keptRows(series);
    for (let row = from; row < to; row++) expect(kept.has(row), `row ${row}`).toBe(false);
    expect(kept.size).toBeGreaterThan(0.8 * (LESSON_ROWS - (to - from)));
    if (!event) return;
    const { calm } = judgedLesson(series);
    expect(await caughtBy(series, event)).toBeLessThan(FAULTS);
    expect(await caughtBy(calm, event)).toBe(FAULTS);
  });

  it('that drifts all the time is told, and keeps its rows until the drift has ended', async () => {
    const ramp = simulated(LESSONS['ramp'] ?? []);
    expect(said(ramp)).toEqual(['memory drifting throughout 0-1799']);
    expect(keptRows(ramp).size).toBe(LESSON_ROWS);
    const falls: Change = (now, row) => {
      now.memory += 40 * (1 - row / 1000);
    };
    const settling = simulated([between(0, 1000, falls)], { rows: 2 * LESSON_ROWS });
    const { calm } = judgedLesson(settling);
    expect(keptRows(settling).has(700)).toBe(false);
    expect(keptRows(settling).has(3000)).toBe(true);
    expect(await caughtBy(settling, 'memory')).toBeLessThan(FAULTS);
    expect(await caughtBy(calm, 'memory')).toBe(FAULTS);
  });

  it('of a quiet machine is calm though memory creeps and steps by tenths of a percent (#19)', () => {
    const memory = (points: number): Series => {
      const quiet: Change = (now, row) => {
        now.memory = 16.7 + (points * row) / LESSON_ROWS;
        now.network = row < 500 ? 10.4 : 10.4 + points;
      };
      const series = simulated([quiet]);
      return { ...series, channels: series.channels.map((channel) => ({ ...channel, unit: '%' })) };
    };
    expect(said(memory(0.15))).toEqual([]);
    expect(said(memory(2))).toEqual([
      'memory drifting throughout 0-1799',
      expect.stringMatching(/^network lower first 0-/),
    ]);
  });

  it('is calm where what is counted in steps moves by one, unless that is on and off (#19)', () => {
    const steps = (before: number, after: number): Change => {
      return (now, row) => {
        now.network = row < 700 ? before : after;
      };
    };
    expect(said(simulated([steps(448, 480)]))).toEqual([]);
    expect(said(simulated([steps(1, 0)]))).toEqual([
      expect.stringMatching(/^network higher first 0-/),
    ]);
  });

  it('says so of one channel among silent and constant ones, whatever their units', () => {
    const series = simulated(LESSONS['busy for a while'] ?? []);
    const width = series.channels.length;
    const values = series.values.map(
      (value, i) => [Number.NaN, 7, 1e9 * value, value][i % width] ?? 0,
    );
    expect(said({ ...series, values })).toEqual([expect.stringMatching(/^current higher once/)]);
  });

  it('without any reading has nothing to learn from', () => {
    const series = simulated([]);
    const silent = { ...series, values: series.values.map(() => Number.NaN) };
    expect(judgedLesson(silent)).toMatchObject({ calm: { timeMs: { length: 0 } }, doubts: [] });
  });

  it('of too few rows to tell is taken as it is', () => {
    const { calm, doubts } = judgedLesson(simulated([EVENTS.busy], { rows: 30 }));
    expect(calm.timeMs).toHaveLength(30);
    expect(doubts).toEqual([]);
  });
});
