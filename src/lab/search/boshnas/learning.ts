// The surrogate of a search. It is fitted again only when there are new outcomes.

import {
  type HeteroscedasticRegressor,
  heteroscedasticLearner,
} from '../../../engine/regression/heteroscedastic/heteroscedastic.ts';
import { pointsAt } from '../../../engine/regression/regressor.ts';
import { ranksOf } from '../../../engine/statistics.ts';
import type { History } from './history.ts';
import type { SurrogateInputs } from './inputs.ts';

interface Learning {
  /** The surrogate fitted on all outcomes; valid until the next call. */
  current(): HeteroscedasticRegressor;
}

export function learningFrom(
  history: History,
  { points, ...shape }: SurrogateInputs,
  seed: number,
): Learning {
  const learner = heteroscedasticLearner(points, shape, seed);
  let surrogate: HeteroscedasticRegressor | undefined;
  /** Version of the history that the surrogate knows. */
  let learned = 0;
  return {
    current() {
      if (surrogate && learned === history.version) return surrogate;
      const rows = history.known.flatMap((candidate) =>
        history.valuesOf(candidate).map((value) => ({ candidate, value })),
      );
      const known = pointsAt(
        points,
        rows.map(({ candidate }) => candidate),
      );
      learned = history.version;
      surrogate = learner.fit(known, scoresOf(rows.map(({ value }) => value)));
      return surrogate;
    },
  };
}

/**
 * ln (p / (1 - p)) of each value, where p is the share of values below it. A search only needs the order of the values;
 * with the values themselves, a few very bad ones would dominate the fit.
 */
export function scoresOf(values: readonly number[]): Float64Array {
  return Float64Array.from(ranksOf(values), (rank) => {
    const share = (rank + 0.5) / values.length;
    return Math.log(share / (1 - share));
  });
}
