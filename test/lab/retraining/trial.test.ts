import { beforeAll, describe, expect, it } from 'vitest';
import type { Series } from '../../../src/core/series.ts';
import { alertOptions } from '../../../src/detection/alerts/alert-options.ts';
import { gapOptions } from '../../../src/detection/windows/window-options.ts';
import { runTraining } from '../../../src/detectors/training/run-training.ts';
import type { Kernels } from '../../../src/engine/discriminator-kernels.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { quantile } from '../../../src/engine/statistics.ts';
import { runContender } from '../../../src/lab/retraining/contender.ts';
import {
  CORRUPTION_KINDS,
  planCorruptions,
  plant,
} from '../../../src/lab/retraining/corruptions.ts';
import { chance, tryOut } from '../../../src/lab/retraining/trial.ts';
import type { Model } from '../../../src/models/model.ts';
import { toySeries } from '../../detectors/training/toy-series.ts';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await loadKernels('plain');
});

const settings = {
  threshold: { kind: 'pot', options: {} },
  alerts: alertOptions.parse({}),
  windows: gapOptions.parse({}),
};

const trained = (series: Series): Promise<Model> =>
  runTraining(
    { kind: 'pca', series, options: {}, seed: 1, intervalMs: 1000 },
    kernels,
    () => undefined,
  );

/** Rows from..to of a toy machine whose channels may have changed. */
function rows(
  from: number,
  to: number,
  change: (value: number, channel: number) => number = (v) => v,
): Series {
  const whole = toySeries({ rows: to, seed: 5 });
  const width = whole.channels.length;
  return {
    ...whole,
    timeMs: whole.timeMs.slice(from),
    values: whole.values.slice(from * width).map((value, i) => change(value, i % width)),
  };
}

async function trial(
  live: Series,
  candidate: Series,
  now: (value: number, channel: number) => number = (v) => v,
) {
  const [before, held] = [rows(2000, 3000, now), rows(3000, 3800, now)];
  return tryOut({
    live: { model: await trained(live) },
    candidate: { model: await trained(candidate) },
    ...{ before, held, settings, seed: 7, kernels },
  });
}

/** The machine runs with another gain. */
const louder = (value: number, channel: number) => (channel === 2 ? 3 * value : value);

describe('the trial of a new model', () => {
  it('has nothing against one that is as good, and finds most of what it planted', async () => {
    const {
      objection,
      live,
      candidate,
      planted,
      rows: held,
    } = await trial(rows(0, 1500), rows(500, 2500));
    expect(objection).toBeUndefined();
    expect(planted).toBe(24);
    expect(held).toBe(800);
    expect(live.found).toBeGreaterThan(12);
    expect(candidate.found).toBeGreaterThan(12);
    expect(candidate.falseAlarms).toBe(0);
  });

  it('prefers the new one where the machine has changed', async () => {
    const { objection, live, candidate } = await trial(
      rows(0, 1500),
      rows(500, 2500, louder),
      louder,
    );
    expect(objection).toBeUndefined();
    expect(live.falseAlarms).toBeGreaterThan(0);
    expect(candidate.falseAlarms).toBe(0);
    expect(candidate.tail).toBeLessThan(live.tail);
  });

  it('objects to one that raises more alerts on normal rows', async () => {
    const { objection } = await trial(rows(0, 1500), rows(500, 2500, louder));
    const before = await trial(rows(500, 2500, louder), rows(0, 1500), louder);
    expect(before.objection).toMatch(
      /the new model raises \d+ alerts on normal rows, the live model 0/,
    );
    expect(objection).toBeDefined();
  });

  it('objects to one that finds less, because it has learnt noise', async () => {
    const random = createRandom(1);
    const noisy = rows(500, 2500, (value) => value + 5 * random.normal());
    const { objection, live, candidate } = await trial(rows(0, 1500), noisy);
    expect(candidate.falseAlarms).toBe(0);
    expect(candidate.found).toBeLessThan(live.found);
    expect(objection).toMatch(/the new model finds \d+ of 24 planted faults, the live model \d+/);
  });

  it('gives the same result for the same seed, and tells how far it is', async () => {
    const model = await trained(rows(0, 1500));
    const seen: number[] = [];
    const run = () =>
      tryOut({
        live: { model },
        candidate: { model },
        before: rows(2000, 3000),
        held: rows(3000, 3800),
        ...{ settings, seed: 7, kernels },
        progress: (fraction) => seen.push(fraction),
      });
    const first = run();
    expect(first.candidate).toEqual(first.live);
    expect(run()).toEqual(first);
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen.slice(0, seen.length / 2), ...seen.slice(0, seen.length / 2)]);
  });

  it('judges by alerts alone where the rows are too few to plant in', async () => {
    const model = await trained(rows(0, 1500));
    const { planted, objection } = tryOut({
      live: { model },
      candidate: { model },
      before: rows(2000, 3000),
      held: rows(3000, 3040),
      ...{ settings, seed: 7, kernels },
    });
    expect([planted, objection]).toEqual([0, undefined]);
  });
});

describe('a trial without alerts', () => {
  it('objects to one whose level lies among the scores of normal rows', async () => {
    const model = await trained(rows(0, 1500));
    const calmer = await trained(rows(0, 1500, (value) => 20 * value)); // to which these rows are small
    const parts = { before: rows(2000, 3000), held: rows(3000, 3800) };
    const scores = { before: parts.before, series: parts.held };
    const fixed = (level: number) => ({
      ...settings,
      threshold: { kind: 'fixed', options: { level } },
      alerts: alertOptions.parse({ openCount: 20, openWithin: 20 }),
    });
    const { ratios } = runContender({ model }, scores, fixed(1), { kernels });
    const at = (share: number) =>
      tryOut({
        live: { model: calmer },
        candidate: { model },
        ...{ ...parts, settings: fixed(quantile(ratios, share)), seed: 7, kernels },
      });
    expect(at(0.95)).toMatchObject({
      candidate: { falseAlarms: 0 },
      objection: expect.stringMatching(
        /one normal row in a hundred scores 1\d\d % of the level of the new/,
      ),
    });
    expect(at(0.999).objection).toBeUndefined();
  });
});

describe('planted corruptions', () => {
  const series = toySeries({ rows: 700, seed: 2 });
  const plan = (count: number) =>
    planCorruptions(series, { count, rows: 20, apart: 80 }, createRandom(3));

  it('are of each kind and size, apart from each other, inside the series', () => {
    const copies = plan(24);
    expect(copies.flat()).toHaveLength(24);
    for (const kind of CORRUPTION_KINDS) {
      const ofKind = copies.flat().filter((one) => one.kind === kind);
      expect(new Set(ofKind.map(({ size }) => size))).toEqual(new Set([3, 6, 12]));
    }
    for (const copy of copies) {
      for (const [i, { row }] of copy.entries()) {
        expect(row + 20).toBeLessThanOrEqual(700);
        expect(row).toBeGreaterThanOrEqual(i === 0 ? 0 : (copy[i - 1]?.row ?? 0) + 100);
      }
    }
  });

  it('change their rows of their channel and nothing else', () => {
    for (const copy of plan(24)) {
      const planted = plant(series, copy, createRandom(1));
      const changed = [...planted.values.keys()].filter(
        (i) => planted.values[i] !== series.values[i],
      );
      const inside = (i: number) =>
        copy.some(({ row, rows: count, channel }) => {
          const at = Math.floor(i / 6);
          return i % 6 === channel && at >= row && at < row + count;
        });
      expect(changed.length).toBeGreaterThan(0);
      expect(changed.filter((i) => !inside(i))).toEqual([]);
    }
  });

  it('are none in a series too short', () => {
    expect(planCorruptions(series, { count: 4, rows: 20, apart: 700 }, createRandom(1))).toEqual(
      [],
    );
  });
});

describe('the chance of so many losses', () => {
  it('is that of so many heads', () => {
    expect(chance(0, 0)).toBe(1);
    expect(chance(5, 0)).toBeCloseTo(1 / 32);
    expect(chance(1, 1)).toBeCloseTo(0.75);
    expect(chance(0, 9)).toBeCloseTo(1);
  });
});
