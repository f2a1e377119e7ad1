import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/core/errors.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { contestantNames, contestantOf } from '../../../src/lab/judging/contestants.ts';
import { type JudgeContext, perform } from '../../../src/lab/judging/judge.ts';
import { resultOf } from '../../../src/lab/judging/result-of.ts';
import type { LabelledSeries } from '../../../src/lab/series/labelled-series.ts';
import { ordinarySeries, PLANTED, plantedSeries } from '../../contracts/planted.ts';

const ROWS = 1500;
const segments = [{ start: PLANTED.start, end: PLANTED.end, channels: [PLANTED.channel] }];
const truth: LabelledSeries = {
  id: 'planted',
  train: ordinarySeries(ROWS),
  test: plantedSeries(600, ROWS * 1000),
  labels: Uint8Array.from({ length: 600 }, (_, row) =>
    Number(row >= PLANTED.start && row < PLANTED.end),
  ),
  segments,
  intervalMs: 1000,
};
const context = (seed: number): JudgeContext => ({
  kernels: plainKernels,
  seed,
  signal: new AbortController().signal,
});
const identity = { dataset: 'd', series: 's', detector: 'x', seed: 1 };

describe('perform and resultOf', () => {
  it('see a planted anomaly, raise one alert for it, and blame its channel', async () => {
    const performance = await perform(contestantOf('pca'), truth, context(1));
    const result = resultOf(performance, truth, identity);
    expect(result.vusPr).toBeGreaterThan(0.9);
    expect(result.eventRecall).toBe(1);
    expect(result.eventPrecision).toBe(1);
    expect(result.falseAlarmsPerDay).toBe(0);
    // Three of five rows open an alert.
    expect(result.medianDelayS).toBe(2);
    expect(result.hit100).toBe(1);
    expect(result.prevalence).toBeCloseTo(30 / 600, 12);
    expect(result.modelBytes).toBeGreaterThan(0);
  });

  it('give a random score chance, and nothing that could be deployed', async () => {
    const result = resultOf(
      await perform(contestantOf('random'), truth, context(3)),
      truth,
      identity,
    );
    expect(result.aucRoc).toBeGreaterThan(0.35);
    expect(result.aucRoc).toBeLessThan(0.65);
    expect(result.hit100).toBeLessThan(0.7);
    expect([result.f1Deployed, result.eventRecall, result.trainS]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('average over the windows that cover a row where a contestant looks ahead, and never deploy that', async () => {
    const causal = await perform(contestantOf('kmeans-windows'), truth, context(1));
    const ahead = await perform(contestantOf('kmeans-windows-ahead'), truth, context(1));
    const mean = causal.scores.subarray(100, 140).reduce((a, b) => a + b, 0) / 40;
    expect(ahead.scores[100]).toBeCloseTo(mean, 9);
    expect(ahead.scores.at(-1)).toBeCloseTo(causal.scores.at(-1) ?? NaN, 9);
    expect(ahead.deployed).toBeUndefined();
    expect(causal.deployed).toBeDefined();
  });

  it('leave what needs events undefined in a series without any', async () => {
    const calm = {
      ...truth,
      labels: new Uint8Array(600),
      segments: [],
      test: ordinarySeries(600, 5, ROWS * 1000),
    };
    const result = resultOf(await perform(contestantOf('pca'), calm, context(1)), calm, identity);
    expect([
      result.vusPr,
      result.aucPr,
      result.oracleF1,
      result.eventRecall,
      result.hit100,
    ]).toEqual(new Array(5).fill(undefined));
    expect(result.falseAlarmsPerDay).toBeGreaterThanOrEqual(0);
  });

  it('give the same result for the same seed', async () => {
    const first = await perform(contestantOf('isolation-forest'), truth, context(4));
    const second = await perform(contestantOf('isolation-forest'), truth, context(4));
    expect(second.scores).toEqual(first.scores);
  });
});

describe('resultOf', () => {
  it('knows the NAB scores of alerts and of silence', async () => {
    const loud = resultOf(await perform(contestantOf('pca'), truth, context(1)), truth, identity);
    expect(loud.nabStandard).toBeGreaterThan(90);
    expect(loud.nabOracle).toBeGreaterThanOrEqual(loud.nabStandard ?? NaN);
    expect(loud.nabLowFalsePositives).toBeLessThanOrEqual(loud.nabStandard ?? NaN);
    const random = resultOf(
      await perform(contestantOf('random'), truth, context(1)),
      truth,
      identity,
    );
    expect(random.nabStandard).toBeUndefined();
    expect(random.nabOracle).toBeLessThan(loud.nabOracle ?? NaN);
  });

  it("takes the first channel's period for the tolerance when asked to", async () => {
    const performance = await perform(contestantOf('first-difference'), truth, context(1));
    const byPeriod = resultOf(performance, truth, identity, 'period');
    expect(byPeriod.vusPr).toBe(resultOf(performance, truth, identity, 60).vusPr);
    expect(byPeriod.vusPr).not.toBe(resultOf(performance, truth, identity, 20).vusPr);
  });
});

describe('contestantOf', () => {
  it('knows every listed name and every detector kind', () => {
    for (const name of contestantNames) expect(contestantOf(name).name).toBe(name);
    expect(contestantOf('knn').options).toEqual({ neighbours: 50 });
    expect(contestantOf('kmeans-channels').kind).toBe('kmeans-channels');
  });

  it('reads settings after a colon', () => {
    expect(contestantOf('pca:windowLength=30,statistic=t2')).toMatchObject({
      name: 'pca:windowLength=30,statistic=t2',
      kind: 'pca',
      options: { windowLength: 30, statistic: 't2' },
    });
    expect(contestantOf('pca-t2:variance=0.5').options).toEqual({ statistic: 't2', variance: 0.5 });
  });

  it('tells settings of alerts from those of the training (#19)', () => {
    const both = contestantOf('pca:variance=0.5,alerts.falseAlarmsPerDay=0.2');
    expect(both).toMatchObject({ trainedAs: 'pca:variance=0.5', options: { variance: 0.5 } });
    expect(both.alerts).toMatchObject({ falseAlarmsPerDay: 0.2, openCount: 3 });
    const alerts = contestantOf('pca-t2:alerts.openCount=2');
    expect(alerts).toMatchObject({ trainedAs: 'pca-t2', options: { statistic: 't2' } });
    expect(() => contestantOf('gon:alerts.falseAlarmsPerDay=0')).toThrow(/falseAlarmsPerDay/);
    expect(() => contestantOf('gon:alerts.loud=1')).toThrow(/loud/);
  });

  it('refuses names and settings it cannot read', () => {
    expect(() => contestantOf('lof')).toThrow(ConfigError);
    expect(() => contestantOf('lof')).toThrow(/random, gon, /);
    expect(() => contestantOf('pca:deep')).toThrow(/'deep' is not key=value/);
    expect(() => contestantOf('pca:deep=1')).toThrow(
      "'pca:deep=1': found an unknown key 'deep', expected one of",
    );
    expect(contestantOf('forecaster:compress=.3').options).toMatchObject({ compress: 0.3 });
    expect(() => contestantOf('pca:windowLength=0')).toThrow(/windowLength/);
    expect(() => contestantOf('pca:deep=1')).toThrow(/deep/);
    expect(() => contestantOf('random:x=1')).toThrow(/has no settings/);
  });
});
