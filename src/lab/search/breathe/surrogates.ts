// A heteroscedastic surrogate for each objective and constraint, and their optimistic outputs as one function of the inputs.
//
// Notation   l = mu - k1 sigma - k2 xi, the optimistic value of an output: the surrogates learn -y, whose acquisition is -l
import type { Differentiable } from '../../../engine/optimisers/differentiable.ts';
import {
  type AcquisitionWeights,
  unitOf,
} from '../../../engine/regression/heteroscedastic/acquisition.ts';
import {
  type HeteroscedasticRegressor,
  heteroscedasticLearner,
} from '../../../engine/regression/heteroscedastic/heteroscedastic.ts';
import { countOf, type Points } from '../../../engine/regression/regressor.ts';
import { extent, median } from '../../../engine/statistics.ts';
import type { Uncertain } from '../expected-hypervolume.ts';
import type { Measured } from '../points/contract.ts';
import type { PointHistory } from '../points/history.ts';
import type { Scalar } from '../points/scalar.ts';

/** All outputs of a problem, objectives first, as the surrogates predict them; valid until the next `current`. */
export interface Outputs {
  /** l of each output, [row][output]. */
  optimistic(points: Points): readonly (readonly number[])[];
  /** mu of each output, and k2 xi as its deviation. */
  predicted(points: Points, epistemicWeight: number): readonly Uncertain[];
  /** (rows,) epistemic uncertainty, summed over the outputs, each in its own range. */
  uncertainty(points: Points): Float64Array;
  /** The sum over points of l, each under its own of `scalars`, as a function to minimise: its weights are the points, (scalars, E). */
  scalar(scalars: readonly Scalar[]): Differentiable;
}

export interface Surrogates {
  /** Fitted on all outcomes; fitted again only when there are new ones. */
  current(): Outputs;
}

/** By kind of output. */
export type OutputWeights = Readonly<Record<keyof Measured, AcquisitionWeights>>;

/** `space` has points for which predictions will be needed; `smooth` as the learner has it. */
export function surrogatesOf(
  history: PointHistory,
  space: Points,
  weights: OutputWeights,
  nextSeed: () => number,
  smooth = true,
): Surrogates {
  const learners: ReturnType<typeof heteroscedasticLearner>[] = [];
  let fitted: Outputs | undefined;
  let version = 0;

  /** One output, learned from its values. */
  function learn(points: Points, y: readonly number[], output: number): Output {
    const learner = learners[output] ?? heteroscedasticLearner(space, { smooth }, nextSeed());
    learners[output] = learner;
    const values = Float64Array.from(y, (value) => -value);
    const isObjective = output < history.objectives;
    return {
      regressor: learner.fit(points, values),
      unit: unitOf(values),
      weights: isObjective ? weights.objectives : weights.constraints,
    };
  }

  return {
    current() {
      if (fitted && version === history.version) return fitted;
      const rows = history.evaluated.flatMap(({ point, runs }) =>
        runs.map((run) => ({ point, outputs: [...run.objectives, ...run.constraints] })),
      );
      const points = history.space.coordinatesOf(rows.map(({ point }) => point));
      const count = rows[0]?.outputs.length ?? 0;
      const outputs = Array.from({ length: count }, (_, output) => {
        const values = rows.map((row) => row.outputs[output] as number);
        const known =
          output < history.objectives ? farthest(history, output) : typicalViolation(values);
        return learn(points, withoutOutliers(values, known), output);
      });
      fitted = together(outputs);
      version = history.version;
      return fitted;
    },
  };
}

/** Values beyond this many times the distance from the median to the best are drawn in. */
const FAR = 3;

/**
 * Values that are far worse than the median, and worse than `known`, say only that they are bad: without bounds a few of them
 * would leave no range for all others. Departs from BOSHNAS, which learns ranks: weighted sums need values.
 */
export function withoutOutliers(
  values: readonly number[],
  known = Number.NEGATIVE_INFINITY,
): readonly number[] {
  const middle = median(values);
  const most = Math.max(middle + FAR * (middle - Math.min(...values)), known);
  return most > middle ? values.map((value) => Math.min(value, most)) : values;
}

/** Median of what breaks a constraint; undefined where all keep it. What is drawn in below it could be learned as kept. */
export function typicalViolation(values: readonly number[]): number | undefined {
  const broken = values.filter((value) => value > 0);
  return broken.length > 0 ? median(broken) : undefined;
}

/**
 * A whole range beyond the worst of the archive, up to which improvements count (`farReference`): outcomes that are
 * worse must not be learned as better than that. Undefined while nothing is feasible.
 */
function farthest({ archive }: PointHistory, output: number): number | undefined {
  if (archive.length === 0) return undefined;
  const [least, worst] = extent(archive.map((one) => one.objectives[output] as number));
  return worst + (worst - least);
}

/** One output, fitted. */
export interface Output {
  readonly regressor: HeteroscedasticRegressor;
  /** Units of y in one unit of its gradient. */
  readonly unit: number;
  readonly weights: AcquisitionWeights;
}

/** Objectives first. */
export function together(outputs: readonly Output[]): Outputs {
  const optimistic = (points: Points): readonly number[][] => {
    const worth = outputs.map(({ regressor, weights }) => regressor.worth(weights, points));
    return Array.from({ length: countOf(points) }, (_, row) =>
      worth.map((values) => -(values[row] as number)),
    );
  };
  return {
    optimistic,
    uncertainty(points) {
      const sum = new Float64Array(countOf(points));
      for (const { regressor, unit } of outputs) {
        const { epistemic } = regressor.predict(points);
        for (const [row, one] of epistemic.entries()) sum[row] = (sum[row] as number) + one / unit;
      }
      return sum;
    },
    predicted: (points, epistemicWeight) =>
      outputs.map(({ regressor }) => {
        const { mean, epistemic } = regressor.predict(points);
        return {
          mean: mean.map((one) => -one),
          deviation: epistemic.map((one) => epistemicWeight * one),
        };
      }),
    scalar: (scalars) => chained(outputs, scalars),
  };
}

/** The chain rule: rows do not depend on each other, so a slope by an output scales the gradient of that output's row. */
function chained(outputs: readonly Output[], scalars: readonly Scalar[]): Differentiable {
  const rows = scalars.length;
  const parts = outputs.map(({ regressor, weights }) => regressor.acquisition(weights, rows));
  const length = parts[0]?.weights.length ?? 0;
  const width = length / rows;
  const x = new Float64Array(length);
  const gradients = new Float64Array(length);
  return {
    weights: x,
    gradients,
    gradient() {
      gradients.fill(0);
      for (const part of parts) {
        part.weights.set(x);
        part.gradient();
      }
      for (const [row, scalar] of scalars.entries()) {
        const slopes = scalar.slopes(parts.map(({ values }) => -(values[row] as number)));
        for (const [output, { gradients: own }] of parts.entries()) {
          const slope = (slopes[output] as number) * (outputs[output] as Output).unit;
          for (let i = row * width; i < (row + 1) * width; i++) {
            gradients[i] = (gradients[i] as number) + slope * (own[i] as number);
          }
        }
      }
    },
  };
}
