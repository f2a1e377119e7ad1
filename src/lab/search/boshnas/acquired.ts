// Candidates that a search proposes with its surrogate: those of the best acquisition, and the most uncertain one.
import type { Random } from '../../../engine/random.ts';
import { pointsAt } from '../../../engine/regression/regressor.ts';
import type { Bounds } from './climb.ts';
import { climb, mostWorth, nearestTo } from './climb.ts';
import type { History } from './history.ts';
import type { Learning } from './learning.ts';
import type { SurrogateSearchOptions } from './options.ts';

export interface Asking {
  readonly history: History;
  readonly learning: Learning;
  /** Candidates that may be proposed, ascending. */
  readonly allowed: readonly number[];
  /** Bounds of the allowed candidates. */
  readonly bounds: Bounds;
  neighbours(candidate: number): readonly number[];
  readonly options: SurrogateSearchOptions;
  readonly random: Random;
}

/** At most `count` candidates, one from each climb, so that the candidates of one call are far apart. */
export function acquired(asking: Asking, count: number): readonly number[] {
  const { learning, bounds, options, random } = asking;
  const { restarts, iterations, secondOrder, nearest } = options;
  const { points } = learning;
  const weights = { aleatoric: options.aleatoricWeight, epistemic: options.epistemicWeight };
  const surrogate = learning.current();
  const ends = climb({
    surrogate,
    weights,
    points,
    bounds,
    starts: startsOf(asking, restarts),
    iterations,
    secondOrder,
    seed: random.integer(2 ** 32),
  });
  const around = nearestTo(ends, points, inReach(asking), nearest);
  return [...new Set(mostWorth(around, surrogate, weights, points))].slice(0, count);
}

/** The candidate in reach whose epistemic uncertainty is greatest. */
export function leastKnown(asking: Asking): number {
  const near = inReach(asking);
  const { points } = asking.learning;
  const { epistemic } = asking.learning.current().predict(pointsAt(points, near));
  return near[greatest(epistemic)] as number;
}

/** Allowed candidates that were not proposed yet, ascending. */
export function freshOf({ history, allowed }: Asking): readonly number[] {
  return allowed.filter((candidate) => history.isFresh(candidate));
}

/** Half of the starts are the best known candidates, half are drawn at random. */
function startsOf({ history, allowed, random }: Asking, count: number): readonly number[] {
  const incumbents = history.best(Math.ceil(count / 2));
  const others = Array.from(
    { length: count - incumbents.length },
    () => allowed[random.integer(allowed.length)] as number,
  );
  return [...incumbents, ...others];
}

/**
 * Fresh candidates one step from one of the best. If these are fewer than `nearest`, all fresh candidates: in a library, or
 * with few pairs, hardly any step leads to another candidate.
 */
function inReach(asking: Asking): readonly number[] {
  const { history, neighbours, options } = asking;
  const { region, nearest } = options;
  const fresh = freshOf(asking);
  if (region === null) return fresh;
  const near = new Set(history.best(region).flatMap((one) => neighbours(one)));
  const reached = fresh.filter((candidate) => near.has(candidate));
  return reached.length < nearest ? fresh : reached;
}

function greatest(values: Float64Array): number {
  return values.reduce((best, value, i) => (value > (values[best] as number) ? i : best), 0);
}
