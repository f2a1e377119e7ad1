// Bayesian optimisation with a random forest, as in SMAC.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import { pointsAt } from '../../../engine/regression/regressor.ts';
import { randomForest as forestOf } from '../../../engine/regression/tree-ensembles.ts';
import type { Candidates, SearchMethod } from '../contract.ts';
import { type Learnt, learntFrom, mostImproving } from './expected-improvement.ts';
import type { Ledger } from './one-by-one.ts';
import { freshPool, initialOption, oneByOne, type Policy, poolOption } from './one-by-one.ts';

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
    .describe('Candidates that are drawn at random, independent of the forest')
    .meta({ unit: 'share' }),
});

type RandomForestOptions = z.infer<typeof options>;

/**
 * Hutter, Hoos and Leyton-Brown 2011, "Sequential model-based optimization for general algorithm configuration": expected
 * improvement by mean and spread of the trees; the numbers are those of SMAC3's `HyperparameterOptimizationFacade`.
 * Departs from it: each candidate is evaluated once, so there are no races; values are not put on a logarithmic scale; if
 * candidates are few, the improvement of all is compared instead of a local search.
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
