// How well the surrogate of ours predicts the evaluations of a search from those before them: order, and intervals.
import { surrogatePredictions } from '../../src/app/search/calibration.ts';
import { rankCorrelation } from '../../src/engine/statistics.ts';
import type { Candidates, Outcome } from '../../src/lab/search/contract.ts';
import type { StoredRun } from './result-file.ts';

/** Standard deviations on either side within which a normal distribution has nine tenths. */
const NINE_TENTHS = 1.645;

/** Of the candidates in the order of their first evaluations; a repeated one would be predicted from itself. */
export function surrogateCalibration(
  candidates: Candidates,
  order: readonly number[],
  outcomes: readonly Outcome[],
  seed: number,
): StoredRun['calibration'] {
  const history = [...new Set(order)].map((candidate) => ({
    evaluated: { candidate },
    values: outcomes[candidate]?.values ?? [],
  }));
  const predicted = surrogatePredictions(candidates, history, seed);
  const held = predicted.filter(
    ({ mean, value, deviation }) => Math.abs(value - mean) <= NINE_TENTHS * deviation,
  );
  const rounded = (value: number): number => Number(value.toPrecision(3));
  return {
    predicted: predicted.length,
    spearman: rounded(
      rankCorrelation(
        predicted.map(({ mean }) => mean),
        predicted.map(({ value }) => value),
      ),
    ),
    within90: rounded(held.length / Math.max(1, predicted.length)),
  };
}
