// Candidates that a search proposes with its surrogates: those of the best acquisition, and the most uncertain one.
import type { Differentiable } from '../../../engine/optimisers/differentiable.ts';
import type { Random } from '../../../engine/random.ts';
import { type Points, pointsAt } from '../../../engine/regression/regressor.ts';
import type { Bounds } from './climb.ts';
import { climb, mostWorth, nearestTo } from './climb.ts';
import type { History } from './history.ts';
import type { SurrogateSearchOptions } from './options.ts';

/** Where a search may go, and the best that it has found. */
export interface ProposalContext {
  readonly history: Pick<History, 'best' | 'isFresh'>;
  /** All candidates, as surrogates see them. */
  readonly points: Points;
  /** Candidates that may be proposed, ascending. */
  readonly allowed: readonly number[];
  /** Bounds of the allowed candidates. */
  readonly bounds: Bounds;
  neighbours(candidate: number): readonly number[];
  readonly options: SurrogateSearchOptions;
  readonly random: Random;
}

/** The acquisition, as a function to climb and as values at points. */
interface Climbable {
  /** Minus the worth, summed over `rows` points, as a function to minimise. */
  target(rows: number): Differentiable;
  /** Higher = rather proposed. */
  worth(points: Points): ArrayLike<number>;
}

/** One fresh candidate near the end of each climb, of the greatest worth first; none twice. */
export function climbed(context: ProposalContext, climbable: Climbable): readonly number[] {
  const { points } = context;
  const around = aroundEnds(context, climbable);
  return [...new Set(mostWorth(around, (some) => climbable.worth(pointsAt(points, some))))];
}

/** The fresh candidates in reach that are nearest to the end of each climb. */
export function aroundEnds(
  context: ProposalContext,
  { target }: Pick<Climbable, 'target'>,
): readonly (readonly number[])[] {
  const { points, bounds, options, random } = context;
  const { restarts, iterations, secondOrder, nearest } = options;
  const starts = startsOf(context, restarts);
  const seed = random.integer(2 ** 32);
  const task = { points, bounds, starts, iterations, secondOrder, seed };
  return nearestTo(climb(target(starts.length), task), points, inReach(context), nearest);
}

/** The candidate in reach of the greatest uncertainty. */
export function leastKnown(
  context: ProposalContext,
  uncertainty: (points: Points) => Float64Array,
): number {
  const near = inReach(context);
  return near[greatest(uncertainty(pointsAt(context.points, near)))] as number;
}

/** Allowed candidates that were not proposed yet, ascending. */
export function freshOf(
  history: Pick<History, 'isFresh'>,
  allowed: readonly number[],
): readonly number[] {
  return allowed.filter((candidate) => history.isFresh(candidate));
}

/** Half of the starts are the best known candidates, half are drawn at random. */
function startsOf({ history, allowed, random }: ProposalContext, count: number): readonly number[] {
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
export function inReach(context: ProposalContext): readonly number[] {
  const { history, allowed, neighbours, options } = context;
  const { region, nearest } = options;
  const fresh = freshOf(history, allowed);
  if (region === null) return fresh;
  const near = new Set(history.best(region).flatMap((one) => neighbours(one)));
  const reached = fresh.filter((candidate) => near.has(candidate));
  return reached.length < nearest ? fresh : reached;
}

function greatest(values: Float64Array): number {
  return values.reduce((best, value, i) => (value > (values[best] as number) ? i : best), 0);
}
