// The surrogate of a search, which learns only when there is news.
import {
  type HeteroscedasticRegressor,
  heteroscedasticLearner,
} from '../../../engine/regression/heteroscedastic/heteroscedastic.ts';
import { type Points, pointsAt } from '../../../engine/regression/regressor.ts';
import type { History } from './history.ts';
import type { SurrogateInputs } from './inputs.ts';
import { scoresOf } from './scores.ts';

export interface Learning {
  /** All candidates, as the surrogate sees them. */
  readonly points: Points;
  /** What it makes of all that was told; good until the next call. */
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
    points,
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
