// Bayesian optimisation with a random forest, as SMAC does it.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import { pointsAt } from '../../../engine/regression/regressor.ts';
import { randomForest as forestOf } from '../../../engine/regression/tree-ensembles.ts';
import type { Candidates, SearchMethod } from '../contract.ts';
import { mostImproving } from './parts/expected-improvement.ts';
import { initialOption } from './parts/initial-option.ts';
import { type Learnt, learntFrom } from './parts/learnt.ts';
import type { Ledger } from './parts/ledger.ts';
import { oneByOne, type Policy } from './parts/one-by-one.ts';
import { freshPool, poolOption } from './parts/pool.ts';

const options = z.strictObject({
  initial: initialOption,
  pool: poolOption,
  trees: z.int().min(2).default(10).describe('Trees of the forest').meta({ unit: 'trees' }),
  share: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('Coordinates that are tried for each split of a tree')
    .meta({ unit: 'share' }),
  randomly: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('Candidates that are drawn at random, whatever the forest says')
    .meta({ unit: 'share' }),
});

type RandomForestOptions = z.infer<typeof options>;

/**
 * Hutter, Hoos and Leyton-Brown 2011, "Sequential model-based optimization for general algorithm configuration": expected
 * improvement by mean and spread of the trees; the numbers are those of SMAC3's `HyperparameterOptimizationFacade`.
 * Departs from it: each candidate is evaluated once, so nothing is raced; values are not put on a logarithmic scale; the
 * improvement is compared for all candidates where they are few, instead of by local search.
 */
export const randomForest: SearchMethod<RandomForestOptions> = {
  kind: 'random-forest',
  summary: 'expected improvement of a random forest, like SMAC',
  options,
  start: oneByOne(improve),
};

function improve(
  candidates: Candidates,
  { initial, pool: poolSize, trees, share, randomly }: RandomForestOptions,
  ledger: Ledger,
  random: Random,
): Policy {
  const { coordinates } = candidates;
  const grow = forestOf({ trees, leafPoints: 1, share });

  function choose({ candidates: known, values, best }: Learnt): number {
    const forest = grow(pointsAt(coordinates, known), values, random.integer(2 ** 32));
    const pool = freshPool(candidates, ledger, poolSize, random);
    const { mean, aleatoric, epistemic } = forest.predict(pointsAt(coordinates, pool));
    const deviation = epistemic.map((one, i) => Math.hypot(one, aleatoric[i] as number));
    return mostImproving(pool, { mean, deviation }, best) as number;
  }

  return {
    next() {
      if (ledger.proposed < initial) {
        return { candidate: ledger.drawFresh(random), reason: 'initial' };
      }
      const learnt = learntFrom(ledger);
      if (!learnt && ledger.pending.size > 0) return undefined;
      if (!learnt || random.uniform() < randomly) {
        return { candidate: ledger.drawFresh(random), reason: 'random' };
      }
      return { candidate: choose(learnt), reason: 'acquisition' };
    },
  };
}
