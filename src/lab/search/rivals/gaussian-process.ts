// Bayesian optimisation: a Gaussian process of the values, and the candidate of the greatest expected improvement.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import type { Kernel } from '../../../engine/regression/gaussian-posterior.ts';
import { GaussianPosterior } from '../../../engine/regression/gaussian-posterior.ts';
import { likeliestKernel } from '../../../engine/regression/gaussian-process.ts';
import { pointsAt, rowOf } from '../../../engine/regression/regressor.ts';
import type { Candidates, SearchMethod } from '../contract.ts';
import { type Learnt, learntFrom, mostImproving } from './expected-improvement.ts';
import type { Ledger } from './one-by-one.ts';
import { freshPool, initialOption, oneByOne, type Policy, poolOption } from './one-by-one.ts';

const options = z.strictObject({
  initial: initialOption,
  pool: poolOption,
  each: z
    .boolean()
    .default(false)
    .describe('A length scale for each coordinate instead of one for all')
    .meta({ unit: 'yes or no' }),
});

type GaussianProcessOptions = z.infer<typeof options>;

/** The kernel is fitted again once the number of outcomes has grown by this factor. */
const REFIT_GROWTH = 1.2;

/**
 * Expected improvement over the best outcome, Matern 5/2 kernel of the greatest marginal likelihood. Pending candidates count
 * as evaluated with the best value ("constant liar").
 */
export const gaussianProcess: SearchMethod<GaussianProcessOptions> = {
  kind: 'gaussian-process',
  summary: 'expected improvement of a Gaussian process over the coordinates',
  options,
  start: oneByOne(improve),
};

/** Valid until the kernel is fitted again. */
interface Fit {
  readonly posterior: GaussianPosterior;
  readonly kernel: Kernel;
  readonly pool: Uint32Array;
  /** Number of outcomes at which the kernel is fitted again. */
  readonly until: number;
}

function improve(
  candidates: Candidates,
  options: GaussianProcessOptions,
  ledger: Ledger,
  random: Random,
): Policy {
  const { coordinates } = candidates;
  let fit: Fit | undefined;
  /** Number of outcomes in the posterior. */
  let observed = 0;

  function refit({ candidates: known, values }: Learnt): Fit {
    const told = ledger.told.length;
    const points = pointsAt(coordinates, known.slice(0, told));
    const { kernel } = likeliestKernel(points, values.slice(0, told), options, fit?.kernel);
    const pool = freshPool(candidates, ledger, options.pool, random);
    observed = 0;
    return {
      ...{ kernel, pool, until: Math.ceil(told * REFIT_GROWTH) },
      posterior: new GaussianPosterior(kernel, pointsAt(coordinates, pool)),
    };
  }

  function choose(learnt: Learnt, { posterior, pool }: Fit): number | undefined {
    posterior.rewind(observed);
    for (const candidate of learnt.candidates.slice(observed)) {
      posterior.observe(rowOf(coordinates, candidate));
    }
    observed = ledger.told.length;
    const { mean, deviation } = posterior.predict(learnt.values);
    return mostImproving(pool, { mean, deviation }, learnt.best, (one) => ledger.isFresh(one));
  }

  return {
    next() {
      if (ledger.proposed < options.initial) {
        return { candidate: ledger.drawFresh(random), reason: 'initial' };
      }
      const learnt = learntFrom(ledger);
      if (!learnt && ledger.pending.size > 0) return undefined;
      if (!learnt) return { candidate: ledger.drawFresh(random), reason: 'random' };
      if (!fit || ledger.told.length >= fit.until) fit = refit(learnt);
      let candidate = choose(learnt, fit);
      if (candidate === undefined) {
        // The whole pool was proposed.
        fit = refit(learnt);
        candidate = choose(learnt, fit) as number;
      }
      return { candidate, reason: 'acquisition' };
    },
  };
}
