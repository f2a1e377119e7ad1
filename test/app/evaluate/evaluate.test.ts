import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seedsFor } from '../../../src/app/evaluate/job.ts';
import { remainingOf, resultsOf } from '../../../src/app/evaluate/remaining.ts';
import { readResults, writeResults } from '../../../src/app/evaluate/result-files.ts';
import { runJobs } from '../../../src/app/evaluate/run-jobs.ts';
import { SourceError } from '../../../src/core/errors.ts';
import { createRandom } from '../../../src/engine/random.ts';
import type { ResultRow } from '../../../src/lab/evaluation/result-row.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'sentigon-'));
const row = (series: string, seed: number, vusPr: number): ResultRow => ({
  dataset: 'D',
  series,
  detector: 'pca',
  seed,
  rows: 10,
  prevalence: 0.5,
  vusPr,
});

/** A series in the layout of TSB-AD: a wave, then the same wave with a hole in it. */
function tsbFolder(): string {
  const path = folder();
  const random = createRandom(1);
  const line = (i: number): string => {
    const hole = i >= 900 && i < 920;
    const value = hole ? 9 : Math.sin(i / 5) + 0.1 * random.normal();
    return `${value},${Math.cos(i / 5) + 0.1 * random.normal()},${Number(hole)}`;
  };
  const lines = Array.from({ length: 1200 }, (_, i) => line(i)).join('\n');
  writeFileSync(join(path, '001_X_tr_800_1st_900.csv'), `a,b,Label\n${lines}\n`);
  return path;
}

describe('result files', () => {
  it('keep the newest row of each detector, series and seed', () => {
    const path = folder();
    writeResults(path, [row('a', 1, 0.1), row('a', 2, 0.2)]);
    writeResults(path, [row('a', 2, 0.25), row('b', 1, 1 / 3)]);
    expect(readResults(path).map(({ series, seed, vusPr }) => [series, seed, vusPr])).toEqual([
      ['a', 1, 0.1],
      ['a', 2, 0.25],
      ['b', 1, 0.333333],
    ]);
    expect(readFileSync(join(path, 'D.json'), 'utf8').split('\n')).toHaveLength(6);
  });

  it('refuse a file that holds something else, by name', () => {
    const path = folder();
    writeFileSync(join(path, 'D.json'), '{"half":');
    expect(() => readResults(path)).toThrow(SourceError);
    expect(() => writeResults(path, [row('a', 1, 0.1)])).toThrow(/D\.json holds no results/);
    expect(readResults(join(path, 'absent'))).toEqual([]);
  });
});

describe('a run that was stopped', () => {
  const job = (detector: string, seeds: number) => ({
    folder: '/',
    dataset: 'D',
    series: 'a',
    detector,
    seeds: seedsFor(detector, seeds),
    tolerance: 20,
  });

  it('has still to do the seeds that have no result, and those that failed', () => {
    const failed = { ...row('a', 2, 0), detector: 'gon', error: 'too short' };
    const rows = [row('a', 1, 0.1), { ...row('a', 1, 0.2), detector: 'gon' }, failed];
    const jobs = [job('pca', 2), job('gon', 3), job('1nn', 1)];
    expect(remainingOf(jobs, rows).map(({ detector, seeds }) => [detector, seeds])).toEqual([
      ['gon', [2, 3]],
      ['1nn', [1]],
    ]);
  });

  it('keeps the results of what is asked for, and no others', () => {
    const rows = [row('a', 1, 0.1), row('b', 1, 0.2), { ...row('a', 1, 0.3), detector: 'gon' }];
    expect(resultsOf([job('pca', 2)], rows)).toEqual([rows[0]]);
  });
});

describe('runJobs', () => {
  const job = (detector: string, series = '001_X_tr_800_1st_900') => ({
    folder: tsbFolder(),
    dataset: 'X',
    series,
    detector,
    seeds: seedsFor(detector, 2),
    tolerance: 20,
  });
  const run = (
    detectors: readonly ReturnType<typeof job>[],
    signal = new AbortController().signal,
  ) => runJobs(detectors, { parallel: 2, signal, onRow: () => undefined });

  it('judges each detector in a process of its own, seeds only where they matter', async () => {
    const rows = await run([job('pca'), job('isolation-forest:trees=20')]);
    expect(rows.map(({ detector, seed }) => `${detector} ${seed}`)).toEqual([
      'pca 1',
      'isolation-forest:trees=20 1',
      'isolation-forest:trees=20 2',
    ]);
    for (const { vusPr, rssMb, trainS, usPerRow } of rows) {
      expect(vusPr).toBeGreaterThan(0.5);
      expect(rssMb).toBeGreaterThan(20);
      expect(Math.min(trainS ?? -1, usPerRow ?? -1)).toBeGreaterThan(0);
    }
  }, 60_000);

  it('reports a detector that cannot learn from a series as a row with its error', async () => {
    const [found] = await run([job('pca:windowLength=200')]);
    expect(found?.error).toMatch(/too few for windows of 200/);
    expect(found?.vusPr).toBeUndefined();
  }, 60_000);

  it('rejects with what went wrong in the process', async () => {
    await expect(run([job('pca', 'absent')])).rejects.toThrow(/no series 'absent'/);
    await expect(run([job('pca', 'absent')])).rejects.toThrow(SourceError);
  }, 60_000);

  it('stops its processes when aborted', async () => {
    const abort = new AbortController();
    const running = run([job('pca')], abort.signal);
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  }, 60_000);
});
