// The jobs of a search, as plain data: an evaluation of a network by training it, or a measurement of its costs.
import { hash } from 'node:crypto';
import type { CandidateData, CandidateTask } from '../../lab/candidates/contract.ts';
import { dataKey } from '../../lab/candidates/outcome-key.ts';
import type { Job, Shared } from '../../lab/jobs/pool.ts';
import type { ProfiledNetwork } from '../../lab/profiler/network.ts';
import type { EngineName } from '../../models/load-engine.ts';

export interface EvaluateTask extends Omit<CandidateTask, 'data'> {
  readonly kind: 'evaluate';
  readonly engine: EngineName;
  /** Folder of what was evaluated before, on the machine that carries it out. */
  readonly cache?: string | undefined;
}

export interface ProfileTask {
  readonly kind: 'profile';
  readonly engine: EngineName;
  readonly network: ProfiledNetwork;
}

export type SearchTask = EvaluateTask | ProfileTask;

export const EVALUATE = 'evaluate';

/** Only a device itself can tell how fast it is, so each has a queue of its own. */
export function profileQueue(device: string): string {
  return `profile-${device}`;
}

/** What all evaluations of a search share. */
export function sharedData(data: CandidateData): Shared {
  return { key: dataKey(data), value: data };
}

/** `edition` stands for everything else that a result depends on, e.g. the version of the engine. */
export function searchJob(queue: string, task: SearchTask, edition: string, shared?: Shared): Job {
  const content = { ...task, cache: undefined, edition, data: shared?.key };
  return { queue, key: hash('sha256', JSON.stringify(content)), task, shared };
}
