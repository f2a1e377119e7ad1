// Tree-structured Parzen estimators over choices: which options are more frequent among the good than among the others.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import type { Candidates, SearchMethod } from '../contract.ts';
import { logDensity, withPresence } from './parts/categorical-density.ts';
import { initialOption } from './parts/initial-option.ts';
import type { Ledger } from './parts/ledger.ts';
import { oneByOne, type Policy } from './parts/one-by-one.ts';
import { freshPool, poolOption } from './parts/pool.ts';

const options = z.strictObject({
  initial: initialOption,
  pool: poolOption,
  gamma: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe('Outcomes that count as good')
    .meta({ unit: 'share' }),
  prior: z
    .number()
    .positive()
    .default(1)
    .describe('Candidates that every option is taken to have been in before any outcome')
    .meta({ unit: 'candidates' }),
});

type TpeOptions = z.infer<typeof options>;

/**
 * Bergstra et al. 2011, "Algorithms for hyper-parameter optimization", section 4, with the categorical prior and, as
 * Optuna has it, a share of outcomes that count as good. Candidates that are outstanding count among the others.
 * Departs from it: the ratio of the densities is compared for all fresh candidates instead of some drawn from the good.
 */
export const tpe: SearchMethod<TpeOptions> = {
  kind: 'tpe',
  summary: 'tree-structured Parzen estimators over the choices',
  options,
  start: oneByOne(compare),
};

function compare(
  candidates: Candidates,
  { initial, pool: poolSize, gamma, prior }: TpeOptions,
  ledger: Ledger,
  random: Random,
): Policy {
  const choices = withPresence(candidates.choices);

  function choose(): number {
    const count = Math.ceil(gamma * ledger.told.length);
    const good = ledger.best(count).map(({ candidate }) => candidate);
    const known = [...ledger.told.map(({ candidate }) => candidate), ...ledger.pending];
    const isGood = new Set(good);
    const others = known.filter((candidate) => !isGood.has(candidate));
    const wanted = logDensity(choices, good, prior);
    const unwanted = logDensity(choices, others, prior);
    let [chosen, most] = [-1, Number.NEGATIVE_INFINITY];
    for (const candidate of freshPool(candidates, ledger, poolSize, random)) {
      const ratio = wanted(candidate) - unwanted(candidate);
      if (ratio > most) [chosen, most] = [candidate, ratio];
    }
    return chosen;
  }

  return {
    next() {
      if (ledger.proposed < initial) {
        return { candidate: ledger.drawFresh(random), reason: 'initial' };
      }
      if (ledger.best(1).length > 0) return { candidate: choose(), reason: 'acquisition' };
      if (ledger.pending.size > 0) return undefined;
      return { candidate: ledger.drawFresh(random), reason: 'random' };
    },
  };
}
