// The process of one job: its peak memory is that of one detector, and a crash costs one row.
import { carried } from '../../core/carried-error.ts';
import { KnownError } from '../../core/errors.ts';
import { openDataset } from '../../lab/datasets/dataset.ts';
import type { ResultRow } from '../../lab/evaluation/result-row.ts';
import { contestantOf } from '../../lab/judging/contestants.ts';
import { perform } from '../../lab/judging/judge.ts';
import { resultOf } from '../../lab/judging/result-of.ts';
import { recordOf } from '../../lab/judging/run-record.ts';
import { loadEngine } from '../../models/load-engine.ts';
import { type Job, type JobAnswer, settingsKey } from './job.ts';
import { keptModel } from './kept-models.ts';
import { writeRun } from './run-files.ts';

process.once('message', (job: Job) => {
  work(job)
    .catch((error: Error) => answer({ type: 'failed', error: carried(error) }))
    .finally(() => process.disconnect());
});

async function work(job: Job): Promise<void> {
  const { folder, dataset, series, detector, seeds, tolerance, runs, engine } = job;
  const contestant = contestantOf(detector);
  const truth = openDataset(folder, '/').read(series);
  const settings = settingsKey(job, truth);
  const kernels = await loadEngine(engine);
  const signal = new AbortController().signal;
  for (const seed of seeds) {
    const identity = { dataset, series, detector, seed };
    try {
      const { reuse, rssMb } = keptModel(job, seed, truth);
      const performance = await perform(contestant, truth, { kernels, seed, signal, reuse });
      const peakMb = rssMb(); // before the judging, which is no part of a daemon
      const result = resultOf(performance, truth, identity, tolerance);
      const row: ResultRow = { ...result, rssMb: peakMb, settings };
      if (runs) writeRun(runs, recordOf(performance, truth, row));
      answer({ type: 'row', row });
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      // E.g. too short a series for this detector: the others go on, and the table says that one is missing.
      answer({
        type: 'row',
        row: { ...identity, rows: truth.labels.length, prevalence: 0, error: error.message },
      });
    }
  }
}

function answer(message: JobAnswer): void {
  process.send?.(message);
}
