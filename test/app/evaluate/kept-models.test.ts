import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Job } from '../../../src/app/evaluate/job.ts';
import { keptModel } from '../../../src/app/evaluate/kept-models.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { contestantOf } from '../../../src/lab/judging/contestants.ts';
import { type Performance, perform, type Trained } from '../../../src/lab/judging/judge.ts';
import type { LabelledSeries } from '../../../src/lab/series/labelled-series.ts';
import { ordinarySeries, plantedSeries } from '../../contracts/planted.ts';

const truth: LabelledSeries = {
  ...{ id: 'planted', train: ordinarySeries(1500), test: plantedSeries(600, 1_500_000) },
  ...{ labels: new Uint8Array(600), segments: [], intervalMs: 1000 },
};
const job: Job = {
  ...{ folder: '/d', dataset: 'd', series: 'a/b', detector: 'pca', seeds: [1], tolerance: 100 },
  models: join(mkdtempSync(join(tmpdir(), 'sentigon-')), 'models'),
};

async function judged(of: Job): Promise<Performance & { trained: boolean }> {
  let trained = false;
  const { reuse } = keptModel(of, 1, truth);
  const watched = (train: () => Promise<Trained>): Promise<Trained> =>
    reuse(() => {
      trained = true;
      return train();
    });
  const context = { kernels: plainKernels, seed: 1, signal: new AbortController().signal };
  const performance = await perform(contestantOf(of.detector), truth, {
    ...context,
    reuse: watched,
  });
  return { ...performance, trained };
}

it('a kept model gives the same scores and alerts without another training', async () => {
  const first = await judged(job);
  const again = await judged(job);
  expect([first.trained, again.trained]).toEqual([true, false]);
  expect(again.scores).toEqual(first.scores);
  expect(again.deployed?.openings).toEqual(first.deployed?.openings);
  expect(again.trainS).toBe(first.trainS);
});

it('other settings train anew, and so does a folder without it', async () => {
  expect((await judged({ ...job, detector: 'pca:variance=0.8' })).trained).toBe(true);
  const { models = '', ...plain } = job;
  rmSync(models, { recursive: true });
  expect((await judged(plain)).trained).toBe(true);
  expect((await judged(job)).trained).toBe(true);
});

it('other settings of alerts are decided with the kept model (#19)', async () => {
  await judged(job);
  const never = await judged({
    ...job,
    detector: 'pca:alerts.openCount=500,alerts.openWithin=500',
  });
  expect(never.trained).toBe(false);
  expect(never.deployed?.openings).toEqual([]);
  expect((await judged(job)).deployed?.openings).not.toEqual([]);
});
