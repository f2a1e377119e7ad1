// Evaluates a proposal: trains the network, and measures it if its costs are not known.
import { ConfigError, DeviceError } from '../../core/errors.ts';
import type { CandidateResult } from '../../lab/candidates/contract.ts';
import type { Pool, Shared } from '../../lab/jobs/pool.ts';
import type { ProfiledNetwork } from '../../lab/profiler/network.ts';
import type { Measurement } from '../../lab/profiler/profile.ts';
import { familyOfSpace } from '../../lab/search/families/index.ts';
import { breachesOf, type Costs, costsMeasured, UNFIT } from './costs.ts';
import type { Choice } from './library.ts';
import { EVALUATE, profileQueue, searchJob } from './search-job.ts';
import type { SearchSettings } from './settings.ts';
import { isCodesign, simulatedCosts } from './simulated-costs.ts';

export interface EvaluatorSetup {
  readonly settings: SearchSettings;
  readonly pool: Pool;
  /** What candidates are trained and judged on. */
  readonly shared: Shared;
  /** All that results depend on beside their task. */
  readonly edition: string;
  /** When the search began: what was measured for another one is measured anew. */
  readonly startedAt: string;
  /** Folder of what was evaluated before, here. */
  readonly cache?: string | undefined;
}

export interface Evaluation {
  readonly accuracy: readonly number[];
  readonly costs: Costs;
  /** Why the candidate is infeasible; then there is no accuracy. */
  readonly failure?: string;
  readonly trainS: number;
}

export interface EvaluationContext {
  readonly signal: AbortSignal;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

export interface Evaluator {
  /** `repetition` counts from 0: each has seeds of its own. Throws for faults of the data and for bugs. */
  evaluate(choice: Choice, repetition: number, context: EvaluationContext): Promise<Evaluation>;
  measure(device: string, network: ProfiledNetwork, signal: AbortSignal): Promise<Costs>;
}

export function createEvaluator(setup: EvaluatorSetup): Evaluator {
  const { settings, pool, shared, edition, startedAt, cache } = setup;
  const { seeds, limits, space } = settings;
  /** Two pairs with one network wait for one training. */
  const underWay = new Map<string, Promise<CandidateResult>>();

  function train({ network }: Choice, repetition: number, context: EvaluationContext) {
    const task = {
      kind: 'evaluate',
      engine: 'auto',
      design: network.point,
      options: { ...settings.training, ...familyOfSpace(space).trainingOf(space) },
      seeds: Array.from({ length: seeds }, (_, i) => repetition * seeds + i + 1),
      cache,
    } as const;
    const job = searchJob(EVALUATE, task, edition, shared);
    const known = underWay.get(job.key) ?? pool.run<CandidateResult>(job, context);
    underWay.set(job.key, known);
    return known;
  }

  async function measure(device: string, network: ProfiledNetwork, signal: AbortSignal) {
    const task = { kind: 'profile', engine: 'auto', network } as const;
    const job = searchJob(profileQueue(device), task, `${edition} ${startedAt}`);
    return costsMeasured(await pool.run<Measurement>(job, { signal }));
  }

  /** Or why the network does not fit. */
  async function costsOf(choice: Choice, signal: AbortSignal): Promise<Costs | string> {
    const { costs, device, network } = choice;
    if (costs) return costs;
    if (!(device.accelerator && isCodesign(settings))) {
      return await measure(device.kind, network, signal);
    }
    try {
      return simulatedCosts(choice, settings);
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
  }

  return {
    measure,
    async evaluate(choice, repetition, context) {
      const costs = await costsOf(choice, context.signal);
      if (typeof costs === 'string') return infeasible(UNFIT, costs);
      const breaches = breachesOf(costs, limits);
      if (breaches.length > 0) return infeasible(costs, breaches.join(', '));
      try {
        return outcomeOf(await train(choice, repetition, context), costs);
      } catch (error) {
        // Faults of the engine were found before: this task crashed its thread or process, or was too large for it.
        if (error instanceof DeviceError) return infeasible(costs, error.message);
        throw error;
      }
    },
  };
}

function outcomeOf({ values, outcomes }: CandidateResult, costs: Costs): Evaluation {
  const trainS = outcomes.reduce((sum, one) => sum + ('trainS' in one ? one.trainS : 0), 0);
  const [failure] = outcomes.flatMap((one) => ('failure' in one ? one.failure : []));
  return { accuracy: values, costs, trainS, ...(failure !== undefined && { failure }) };
}

function infeasible(costs: Costs, failure: string): Evaluation {
  return { accuracy: [], costs, failure, trainS: 0 };
}
