// Whether the surrogate knows what it says: each evaluation foretold from those before it, against what came.

import { type Points, pointsAt, type Regressor } from '../../engine/regression/regressor.ts';
import { mean, rankCorrelation } from '../../engine/statistics.ts';
import type { Told } from './session.ts';

export interface Foretold {
  readonly candidate: number;
  readonly mean: number;
  /** Both uncertainties together, one standard deviation. */
  readonly deviation: number;
  /** What came: mean performance. */
  readonly value: number;
}

/** Evaluations that the first surrogate learns from. */
const FIRST = 10;
/** Evaluations from one surrogate to the next. */
const BLOCK = 5;

/**
 * In the order of the evaluations; none for the first ten, nor for infeasible ones. `learn` is given ever more points.
 */
export function calibrationOf(
  coordinates: Points,
  history: readonly Pick<Told, 'evaluated' | 'performances'>[],
  learn: (points: Points, y: Float64Array) => Regressor,
): readonly Foretold[] {
  const known = history.flatMap(({ evaluated: { candidate }, performances }) =>
    performances.length > 0 ? [{ candidate, value: mean(performances) }] : [],
  );
  const blocks: Foretold[][] = [];
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

/** Foretold evaluations that say anything at all. */
const LEAST = 3;

/** Spearman's rank correlation of what was foretold with what came, and how often the intervals held. */
export function calibrationText(foretold: readonly Foretold[]): string {
  if (foretold.length < LEAST) return 'Too few evaluations to learn from and to foretell.';
  const within = (deviations: number): string => {
    const inside = foretold.filter(
      (one) => Math.abs(one.value - one.mean) <= deviations * one.deviation,
    );
    return `${((100 * inside.length) / foretold.length).toFixed(0)} %`;
  };
  const correlation = rankCorrelation(
    foretold.map((one) => one.mean),
    foretold.map(({ value }) => value),
  );
  return `${foretold.length} evaluations, each foretold from those before it: Spearman ${correlation.toFixed(2)}; ${within(1)} within one standard deviation (68 % if it were a normal one), ${within(2)} within two (95 %).`;
}
