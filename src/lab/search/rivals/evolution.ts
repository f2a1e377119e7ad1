// Regularised evolution: the parent is the best of a random few, and the oldest member is removed, even if it is the best.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import type { Candidates, Proposal, SearchMethod } from '../contract.ts';
import type { Ledger } from './one-by-one.ts';
import { initialOption, oneByOne, type Policy } from './one-by-one.ts';

const options = z.strictObject({
  initial: initialOption,
  population: z
    .int()
    .min(1)
    .default(30)
    .describe('Youngest candidates that may have children')
    .meta({ unit: 'candidates' }),
  tournament: z
    .int()
    .min(1)
    .default(10)
    .describe('Random members of the population; the best of them becomes the parent')
    .meta({ unit: 'candidates' }),
});

type EvolutionOptions = z.infer<typeof options>;

interface Member {
  readonly candidate: number;
  readonly value: number;
}

/**
 * Real et al. 2019, "Regularized evolution for image classifier architecture search", with the numbers of naszilla.
 * Departs from it: no candidate is evaluated twice. If a parent has no fresh neighbour, the next best of its tournament is
 * taken, and a random candidate if none has one. The search continues while children are being evaluated.
 */
export const evolution: SearchMethod<EvolutionOptions> = {
  kind: 'evolution',
  summary: 'neighbours of the best of a random few among the youngest candidates',
  options,
  start: oneByOne(evolve),
};

function evolve(
  candidates: Candidates,
  { initial, population, tournament }: EvolutionOptions,
  ledger: Ledger,
  random: Random,
): Policy {
  const living: Member[] = [];

  function child(): Proposal {
    const rivals = Array.from(
      { length: tournament },
      () => living[random.integer(living.length)] as Member,
    ).sort((a, b) => b.value - a.value);
    for (const { candidate } of rivals) {
      const fresh = candidates.neighbours(candidate).filter((one) => ledger.isFresh(one));
      if (fresh.length === 0) continue;
      return { candidate: fresh[random.integer(fresh.length)] as number, reason: 'offspring' };
    }
    return { candidate: ledger.drawFresh(random), reason: 'random' };
  }

  return {
    next() {
      if (ledger.proposed < initial) {
        return { candidate: ledger.drawFresh(random), reason: 'initial' };
      }
      if (living.length > 0) return child();
      if (ledger.pending.size > 0) return undefined;
      return { candidate: ledger.drawFresh(random), reason: 'random' };
    },
    learn({ candidate, value }) {
      living.push({ candidate, value: value ?? -Number.MAX_VALUE });
      if (living.length > population) living.shift();
    },
  };
}
