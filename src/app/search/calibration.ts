// Tests the surrogate: each evaluation is predicted from those before it and compared with its result.
import { heteroscedasticLearner } from '../../engine/regression/heteroscedastic/heteroscedastic.ts';
import { type Points, pointsAt, type Regressor } from '../../engine/regression/regressor.ts';
import { mean, rankCorrelation } from '../../engine/statistics.ts';
import { inputsOf } from '../../lab/search/boshnas/inputs.ts';
import type { Candidates } from '../../lab/search/contract.ts';
import { arePairs } from '../../lab/search/pairs.ts';
import type { Told } from './session.ts';

export interface Prediction {
  readonly candidate: number;
  readonly mean: number;
  /** Both uncertainties together, one standard deviation. */
  readonly deviation: number;
  /** The result: mean of what the method was told. */
  readonly value: number;
}

/** Evaluations that the first surrogate learns from. */
const FIRST = 10;
/** Evaluations from one surrogate to the next. */
const BLOCK = 5;

/** By the surrogate of BOSHNAS, or of BOSHCODE, which sees the halves of pairs apart. */
export function surrogatePredictions(
  candidates: Candidates,
  history: Parameters<typeof calibrationOf>[1],
  seed: number,
): readonly Prediction[] {
  const halves = arePairs(candidates) ? [candidates.first, candidates.second] : [candidates];
  const { points, ...shape } = inputsOf(candidates, halves);
  const learner = heteroscedasticLearner(points, shape, seed);
  return calibrationOf(points, history, (known, y) => learner.fit(known, y));
}

/**
 * In the order of the evaluations; none for the first ten, nor for infeasible ones. `learn` is given ever more points.
 */
export function calibrationOf(
  coordinates: Points,
  history: readonly (Pick<Told, 'values'> & {
    readonly evaluated: Pick<Told['evaluated'], 'candidate'>;
  })[],
  learn: (points: Points, y: Float64Array) => Regressor,
): readonly Prediction[] {
  const known = history.flatMap(({ evaluated: { candidate }, values }) =>
    values.length > 0 ? [{ candidate, value: mean(values) }] : [],
  );
  const blocks: Prediction[][] = [];
  for (let from = FIRST; from < known.length; from += BLOCK) {
    const before = known.slice(0, from);
    const block = known.slice(from, from + BLOCK);
    const y = Float64Array.from(before, ({ value }) => value);
    const at = (some: typeof known) =>
      pointsAt(
        coordinates,
        some.map(({ candidate }) => candidate),
      );
    const told = learn(at(before), y).predict(at(block));
    blocks.push(
      block.map((one, i) => ({
        ...one,
        mean: told.mean[i] as number,
        deviation: Math.hypot(told.aleatoric[i] as number, told.epistemic[i] as number),
      })),
    );
  }
  return blocks.flat();
}

/** Fewest predictions for a statement. */
const LEAST = 3;

/** Spearman's rank correlation of predictions with results, and how often the intervals held the result. */
export function calibrationText(predicted: readonly Prediction[]): string {
  if (predicted.length < LEAST) return 'Too few evaluations to train and test predictions.';
  const within = (deviations: number): string => {
    const inside = predicted.filter(
      (one) => Math.abs(one.value - one.mean) <= deviations * one.deviation,
    );
    return `${((100 * inside.length) / predicted.length).toFixed(0)} %`;
  };
  const correlation = rankCorrelation(
    predicted.map((one) => one.mean),
    predicted.map(({ value }) => value),
  );
  return `${predicted.length} evaluations, each predicted from those before it: Spearman ${correlation.toFixed(2)}; ${within(1)} within one standard deviation (68 % for a normal distribution), ${within(2)} within two (95 %).`;
}
