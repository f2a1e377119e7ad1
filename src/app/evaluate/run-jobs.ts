// Runs jobs in processes of their own, a few at a time.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { revive } from '../../core/carried-error.ts';
import type { ResultRow } from '../../lab/evaluation/result-row.ts';
import type { Job, JobAnswer } from './job.ts';

export interface JobsContext {
  /** Processes at once. More than there are cores spoils the times that are measured. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly onRow: (row: ResultRow, job: Job) => void;
}

/** Rows in the order of the jobs. Rejects when a process fails in a way its detector did not foresee, or on abort. */
export async function runJobs(
  jobs: readonly Job[],
  { parallel, signal, onRow }: JobsContext,
): Promise<readonly ResultRow[]> {
  const results: (readonly ResultRow[])[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < jobs.length) {
      signal.throwIfAborted();
      const index = next++;
      const job = jobs[index] as Job;
      results[index] = await runJob(job, signal, (row) => onRow(row, job));
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, jobs.length) }, lane));
  return results.flat();
}

function runJob(
  job: Job,
  signal: AbortSignal,
  onRow: (row: ResultRow) => void,
): Promise<readonly ResultRow[]> {
  return new Promise((resolve, reject) => {
    const rows: ResultRow[] = [];
    let failure: Error | undefined;
    const child = start(job);
    const stop = (): boolean => child.kill('SIGKILL');
    signal.addEventListener('abort', stop);
    child.on('message', (answer: JobAnswer) => {
      switch (answer.type) {
        case 'row':
          rows.push(answer.row);
          onRow(answer.row);
          break;
        case 'failed':
          failure = revive(answer.error);
          break;
      }
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      signal.removeEventListener('abort', stop);
      const what = `${job.detector} on ${job.dataset}/${job.series}`;
      if (signal.aborted) reject(signal.reason);
      else if (failure) reject(failure);
      else if (code !== 0) reject(new Error(`${what}: its process ended with code ${code}`));
      else resolve(rows);
    });
  });
}

/** From sources (tests, tsx) the process needs the loader that reads TypeScript. */
function start(job: Job): ChildProcess {
  const fromSources = import.meta.url.endsWith('.ts');
  const entry = new URL(`./job-process.${fromSources ? 'ts' : 'js'}`, import.meta.url);
  const child = fork(fileURLToPath(entry), {
    execArgv: fromSources ? ['--import', 'tsx'] : [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.send(job);
  return child;
}
