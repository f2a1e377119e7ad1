import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Job, seedsFor, settingsKey } from '../../../src/app/evaluate/job.ts';
import {
  readResults,
  remainingOf,
  resultsOf,
  writeResults,
} from '../../../src/app/evaluate/result-files.ts';
import { runJobs } from '../../../src/app/evaluate/run-jobs.ts';
import { SourceError, StoreError } from '../../../src/core/errors.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { openDataset } from '../../../src/lab/datasets/dataset.ts';
import type { ResultRow } from '../../../src/lab/evaluation/result-row.ts';

const RESULT_FILES = fileURLToPath(
  new URL('../../../src/app/evaluate/result-files.ts', import.meta.url),
);
/** So many that each writes while the other does. */
const SEEDS = 40;

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

  it('keep the rows of two processes that write at once', async () => {
    const path = folder();
    const writer = async (series: string): Promise<void> => {
      const child = spawn(process.execPath, [
        ...['--import', 'tsx', '--input-type=module', '--eval'],
        `import { writeResults } from ${JSON.stringify(RESULT_FILES)};
         for (let seed = 1; seed <= ${SEEDS}; seed++)
           writeResults(${JSON.stringify(path)}, [{ ...${JSON.stringify(row(series, 1, 0.5))}, seed }]);`,
      ]);
      expect(await once(child, 'exit')).toEqual([0, null]);
    };
    await Promise.all([writer('a'), writer('b')]);
    expect(readResults(path)).toHaveLength(2 * SEEDS);
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
    const settings = 'these';
    const rows = [row('a', 1, 0.1), row('b', 1, 0.2), { ...row('a', 1, 0.3), detector: 'gon' }];
    const made = rows.map((each) => ({ ...each, settings }));
    expect(resultsOf([job('pca', 2)], made, () => settings)).toEqual([made[0]]);
  });

  it('keeps none that was made with other settings, or that does not say with which (#18)', () => {
    const rows = [{ ...row('a', 1, 0.1), settings: 'others' }, row('a', 2, 0.2)];
    expect(resultsOf([job('gon', 2)], rows, () => 'these')).toEqual([]);
    const pcaRows = rows.map((each) => ({ ...each, detector: 'gon' }));
    expect(resultsOf([job('gon', 2)], pcaRows, () => 'these')).toEqual([]);
  });

  it('looks at no data of which there is no result', () => {
    const never = () => {
      throw new Error('looked');
    };
    expect(resultsOf([job('gon', 2)], [row('a', 1, 0.1)], never)).toEqual([]);
  });
});

describe('the key of settings', () => {
  const truth = openDataset(tsbFolder(), '/').read('001_X_tr_800_1st_900');
  const job: Job = {
    folder: '/a',
    dataset: 'X',
    series: 's',
    detector: 'pca',
    seeds: [1],
    tolerance: 20,
  };
  const key = settingsKey(job, truth);

  it.each([
    ['the detector', { detector: 'pca:variance=0.8' }],
    ['the tolerance', { tolerance: 1 }],
    ['the engine', { engine: 'tensorflow' }],
    ['whatever else a job may be told', { smoothing: 3 }],
  ])('changes with %s (#18)', (_, change) => {
    expect(settingsKey({ ...job, ...change } as Job, truth)).not.toBe(key);
  });

  it('changes with what is trained on, judged and true', () => {
    const changed = (part: 'train' | 'test') => ({
      ...truth,
      [part]: { ...truth[part], values: truth[part].values.map((value) => value + 1) },
    });
    const others = [
      changed('train'),
      changed('test'),
      { ...truth, labels: truth.labels.map((l) => 1 - l) },
    ];
    expect(new Set([key, ...others.map((other) => settingsKey(job, other))]).size).toBe(4);
  });

  it('stays where places and seeds differ', () => {
    const moved = { ...job, folder: '/b', runs: '/c', seeds: [2, 3] };
    expect(settingsKey(moved, truth)).toBe(key);
  });

  it('stays where the default engine is named: models that were kept without it are found (#23)', () => {
    expect(settingsKey({ ...job, engine: 'auto' }, truth)).toBe(key);
  });
});

/** Command lines of processes that this one has started for jobs and that still run. */
function childrenAtJobs(): string[] {
  const threads = readdirSync('/proc/self/task');
  const pids = threads.flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
  return pids
    .map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    .filter((line) => line.includes('job-process'));
}

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
  });

  it('reports a detector that cannot learn from a series as a row with its error', async () => {
    const [found] = await run([job('pca:windowLength=200')]);
    expect(found?.error).toMatch(/too few for windows of 200/);
    expect(found?.vusPr).toBeUndefined();
  });

  it('rejects with what went wrong in the process', async () => {
    await expect(run([job('pca', 'absent')])).rejects.toThrow(/no series 'absent'/);
    await expect(run([job('pca', 'absent')])).rejects.toThrow(SourceError);
  });

  it('has ended all its processes when one fails, and begins no more (#18)', async () => {
    const seeds = Array.from({ length: 100_000 }, (_, i) => i);
    const endless = { ...job('isolation-forest:trees=20'), seeds };
    await expect(run([endless, job('pca', 'absent'), job('pca')])).rejects.toThrow(
      /no series 'absent'/,
    );
    expect(childrenAtJobs()).toEqual([]);
  });

  it('rejects with what went wrong with a row, and begins no more (#18)', async () => {
    const rows: string[] = [];
    const running = runJobs([job('pca'), job('1nn')], {
      parallel: 1,
      signal: new AbortController().signal,
      onRow({ detector }) {
        rows.push(detector);
        throw new StoreError('no room');
      },
    });
    await expect(running).rejects.toThrow('no room');
    expect(rows).toEqual(['pca']);
  });

  it('stops its processes when aborted', async () => {
    const abort = new AbortController();
    const running = run([job('pca')], abort.signal);
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});
