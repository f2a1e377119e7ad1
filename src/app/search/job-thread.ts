// A thread of a pool: carries out the jobs of searches.
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { outcomeCache } from '../../lab/candidates/cache.ts';
import { evaluateCandidate } from '../../lab/candidates/candidate-evaluation.ts';
import type { CandidateData, CandidateResult } from '../../lab/candidates/contract.ts';
import { jobHandler } from '../../lab/jobs/job-handler.ts';
import { engineIdentity } from '../../lab/profiler/engine-identity.ts';
import { thisHost } from '../../lab/profiler/host.ts';
import { measureNetwork } from '../../lab/profiler/measure-network.ts';
import type { Measurement } from '../../lab/profiler/profile.ts';
import { loadEngine } from '../../models/load-engine.ts';
import { version } from '../version.ts';
import type { EvaluateTask, ProfileTask, SearchTask } from './search-job.ts';

/** An abort ends the thread. */
const NEVER = new AbortController().signal;

export const handle = jobHandler((posted, shared, progress) => {
  const task = posted as SearchTask; // our own jobs
  switch (task.kind) {
    case 'evaluate':
      return evaluate(task, shared as CandidateData, progress);
    case 'profile':
      return measure(task);
  }
});

async function evaluate(
  { engine, cache, design, options, seeds }: EvaluateTask,
  data: CandidateData,
  progress: (fraction: number) => void,
): Promise<CandidateResult> {
  const kernels = await loadEngine(engine);
  const warn = (line: string): void => void process.stderr.write(`sentigon: ${line}\n`);
  return await evaluateCandidate(
    { design, options, data, seeds },
    {
      ...{ kernels, signal: NEVER, progress },
      ...(cache && { cache: outcomeCache(cache, editionOf(kernels), warn) }),
    },
  );
}

function editionOf(engine: Kernels): string {
  return Object.values(engineIdentity(engine, version())).join(' ');
}

async function measure({ engine, network }: ProfileTask): Promise<Measurement> {
  const kernels = await loadEngine(engine);
  return await measureNetwork({ network }, { kernels, host: thisHost, signal: NEVER });
}
