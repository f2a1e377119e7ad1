// A regressor that knows some designs, and how well it predicts the others.
import { createRandom } from '../../src/engine/random.ts';
import { gaussianProcess } from '../../src/engine/regression/gaussian-process.ts';
import { squaredDistances } from '../../src/engine/regression/matern.ts';
import { countOf, type Points, pointsAt } from '../../src/engine/regression/regressor.ts';
import { randomForest } from '../../src/engine/regression/tree-ensembles.ts';
import { mean, rankCorrelation } from '../../src/engine/statistics.ts';

/** Means at the asked points. */
type Learn = (known: Points, y: Float64Array, seed: number) => (asked: Points) => Float64Array;

export interface Prediction {
  /** 1 = exact, 0 = no better than the mean of the others. */
  readonly r2: number;
  readonly spearman: number;
}

const NEAREST = 5;
const forest = randomForest({ trees: 50, leafPoints: 1, share: 1 / 3 });
const process = gaussianProcess({ each: false });

export const learners: ReadonlyMap<string, Learn> = new Map<string, Learn>([
  ['5 nearest', nearestMean],
  ['random forest', (known, y, seed) => (asked) => forest(known, y, seed).predict(asked).mean],
  ['Gaussian process', (known, y, seed) => (asked) => process(known, y, seed).predict(asked).mean],
]);

/** Draws with the same seed know the same designs, whatever the embedding and the learner. */
export function predicted(
  coordinates: Points,
  y: Float64Array,
  { learn, known, seed }: { readonly learn: Learn; readonly known: number; readonly seed: number },
): Prediction {
  const order = Array.from({ length: countOf(coordinates) }, (_, row) => row);
  createRandom(seed).shuffle(order);
  const valuesAt = (rows: readonly number[]) => Float64Array.from(rows, (row) => y[row] as number);
  const [learnt, others] = [order.slice(0, known), order.slice(known)];
  const values = learn(
    pointsAt(coordinates, learnt),
    valuesAt(learnt),
    seed,
  )(pointsAt(coordinates, others));
  const truth = valuesAt(others);
  const centre = mean(truth);
  const errors = mean(truth.map((value, i) => (value - (values[i] as number)) ** 2));
  const spread = mean(truth.map((value) => (value - centre) ** 2));
  return { r2: 1 - errors / spread, spearman: rankCorrelation([...values], [...truth]) };
}

function nearestMean(known: Points, y: Float64Array): (asked: Points) => Float64Array {
  return (asked) =>
    Float64Array.from({ length: countOf(asked) }, (_, i) => {
      const away = squaredDistances(pointsAt(asked, [i]), known);
      const order = [...away.keys()].sort((a, b) => (away[a] as number) - (away[b] as number));
      return mean(order.slice(0, NEAREST).map((row) => y[row] as number));
    });
}
