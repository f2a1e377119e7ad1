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

/**
 * Rows in the order of the jobs. Rejects with the first thing that fails, be it a process in a way its detector did not
 * foresee or `onRow`, and on abort: then no job is begun any more, and all processes have ended.
 */
export async function runJobs(
  jobs: readonly Job[],
  { parallel, signal, onRow }: JobsContext,
): Promise<readonly ResultRow[]> {
  const results: (readonly ResultRow[])[] = [];
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < jobs.length && !stop.aborted) {
      const index = next++;
      const job = jobs[index] as Job;
      try {
        results[index] = await runJob(job, stop, (row) => onRow(row, job));
      } catch (error) {
        failed.abort(error); // the first one counts
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, jobs.length) }, lane));
  stop.throwIfAborted();
  return results.flat();
}

/** Settles when its process has ended. */
function runJob(
  job: Job,
  signal: AbortSignal,
  onRow: (row: ResultRow) => void,
): Promise<readonly ResultRow[]> {
  return new Promise((resolve, reject) => {
    const rows: ResultRow[] = [];
    let failure: unknown;
    const child = start(job);
    const stop = (): boolean => child.kill('SIGKILL');
    signal.addEventListener('abort', stop);
    child.on('message', (answer: JobAnswer) => {
      if (failure !== undefined) return;
      try {
        if (answer.type === 'failed') throw revive(answer.error);
        rows.push(answer.row);
        onRow(answer.row);
      } catch (error) {
        failure = error;
        stop();
      }
    });
    child.on('error', reject);
    // not 'exit', which may come before the last rows
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      const what = `${job.detector} on ${job.dataset}/${job.series}`;
      if (failure !== undefined) reject(failure);
      else if (signal.aborted) reject(signal.reason);
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
