// The point that a proposal takes: the best of the ends of climbs under weighted objectives.
import type { Random } from '../../../engine/random.ts';
import { type Points, rowOf } from '../../../engine/regression/regressor.ts';
import { gobi } from '../boshnas/climb.ts';
import { hypervolumeImprovement } from '../front.ts';
import type { Evaluated, Point } from '../points/contract.ts';
import type { PointHistory } from '../points/history.ts';
import {
  drawnExtreme,
  flatDirichlet,
  frontReference,
  isFurther,
  rangesOf,
  type Scalar,
  scalarOf,
} from '../points/scalar.ts';
import { settledAtLimits } from './limits.ts';
import type { BreatheOptions } from './options.ts';
import type { Outputs } from './surrogates.ts';

export interface Asking {
  readonly history: PointHistory;
  readonly options: BreatheOptions;
  readonly random: Random;
  /** Points of an even sequence, legal or not. */
  drawn(count: number): readonly Point[];
}

/**
 * The best fresh point at the ends of climbs under weights that are drawn for this proposal; while the archive is narrow, for a
 * share of the proposals, a point further out than all that are known. Undefined if no end is fresh under several weights.
 */
export function acquired(asking: Asking, outputs: Outputs): Point | undefined {
  const { history, options, random } = asking;
  const { objectives, evaluated, archive } = history;
  const { value, penalty, extremeShare } = options;
  const ranges = rangesOf(evaluated, archive);
  if (ranges.isNarrow && random.uniform() < extremeShare) {
    const extreme = drawnExtreme(objectives, random);
    const point = furtherEnd(asking, outputs, scalarOf(ranges, { ...extreme, penalty }));
    if (point) return point;
  }
  for (let draw = 0; draw < DRAWS; draw++) {
    const weights = flatDirichlet(objectives, random);
    const point = bestEnd(asking, outputs, scalarOf(ranges, { value, weights, penalty }));
    if (point) return point;
  }
  return undefined;
}

/** Draws of weights: under some of them all climbs may end at known points. Our choice. */
const DRAWS = 3;

function furtherEnd(asking: Asking, outputs: Outputs, scalar: Scalar): Point | undefined {
  const { space, archive } = asking.history;
  const fresh = freshEnds(asking, outputs, scalar);
  if (fresh.length === 0) return undefined;
  const values = outputs.optimistic(space.coordinatesOf(fresh)).map((row) => scalar.at(row));
  return isFurther(Math.min(...values), archive, scalar) ? fresh[leastOf(values)] : undefined;
}

function bestEnd(asking: Asking, outputs: Outputs, scalar: Scalar): Point | undefined {
  const { history, options } = asking;
  const fresh = freshEnds(asking, outputs, scalar);
  if (fresh.length === 0) return undefined;
  const predicted = outputs.optimistic(history.space.coordinatesOf(fresh));
  const best =
    options.choice === 'value'
      ? leastOf(predicted.map((row) => scalar.at(row)))
      : mostAdding(predicted, history.archive, scalar, frontReference(history.objectives));
  return fresh[best];
}

/** Ends of climbs that may be proposed, each the best among its neighbours. */
function freshEnds(asking: Asking, outputs: Outputs, scalar: Scalar): readonly Point[] {
  const { history, random } = asking;
  const { space, problem } = history;
  const valuesAt = (points: readonly Point[]) =>
    outputs.optimistic(space.coordinatesOf(points)).map((row) => scalar.at(row));
  const { starts, ends } = climbed(asking, outputs, scalar);
  const settled =
    problem.constraints > 0 ? settledAtLimits(space, { starts, ends, valuesAt }, random) : ends;
  return settled
    .map((end) => {
      const around = [end, ...space.neighbours(end)];
      return space.nearestLegal(around[leastOf(valuesAt(around))] as Point, random);
    })
    .filter((point) => point !== undefined)
    .filter((point) => history.isFresh(point) && isApart(history, point));
}

/** In shares of the ranges. A real that differs by less is not worth an evaluation. Our choice. */
const APART = 1e-3;

/** Whether a coordinate of each known point differs by more than `APART`. */
function isApart({ space, evaluated, failed, pending }: PointHistory, point: Point): boolean {
  const known = [
    ...evaluated.map((one) => one.point),
    ...failed,
    ...pending.map((one) => one.point),
  ];
  const here = space.coordinatesOf([point]).values;
  const { values, width } = space.coordinatesOf(known);
  return known.every((_, row) =>
    here.some((x, i) => Math.abs(x - (values[row * width + i] as number)) > APART),
  );
}

/** Climbs from the best of the archive and from drawn points; ends are snapped to points that may be illegal. */
function climbed(
  { history, options, random, drawn }: Asking,
  outputs: Outputs,
  scalar: Scalar,
): { readonly starts: readonly Point[]; readonly ends: readonly Point[] } {
  const { restarts, iterations, secondOrder } = options;
  const { space, archive } = history;
  const known = archive.length > 0 ? archive : history.evaluated;
  const values = new Map(known.map((one) => [one, scalar.at(outputsOf(one))]));
  const best = known
    .toSorted((a, b) => (values.get(a) as number) - (values.get(b) as number))
    .slice(0, Math.ceil(restarts / 2));
  const starts = [...best.map(({ point }) => point), ...drawn(restarts - best.length)];
  const target = outputs.scalar(scalar, starts.length);
  target.weights.set(space.coordinatesOf(starts).values);
  const box = { least: new Float64Array(space.width), most: new Float64Array(space.width).fill(1) };
  gobi(target, box, { iterations, secondOrder, seed: random.integer(2 ** 32) });
  const ends: Points = { values: Float64Array.from(target.weights), width: space.width };
  return { starts, ends: starts.map((_, row) => space.snap(rowOf(ends, row))) };
}

/** Objectives first. */
export function outputsOf({ objectives, constraints }: Evaluated): readonly number[] {
  return [...objectives, ...constraints];
}

/**
 * The row whose objectives add the most hypervolume to the archive, up to a reference in `normalised` objectives; rows that break a
 * constraint come after all others, by their violation, and rows that add nothing by their value. After Ponweiser et al. 2008,
 * "Multiobjective optimization on a limited budget of evaluations using model-assisted S-metric selection" (SMS-EGO), without its
 * epsilon.
 */
export function mostAdding(
  predicted: readonly (readonly number[])[],
  archive: readonly Evaluated[],
  scalar: Scalar,
  reference: readonly number[],
): number {
  const front = archive.map((one) => scalar.normalised(outputsOf(one)));
  const merits = predicted.map((row) => {
    const violation = scalar.violation(row);
    const added =
      violation > 0 ? 0 : hypervolumeImprovement(front, scalar.normalised(row), reference);
    return { violation, added, value: scalar.at(row) };
  });
  const order = [...merits.keys()].sort((i, j) => {
    const [a, b] = [merits[i], merits[j]] as [(typeof merits)[0], (typeof merits)[0]];
    return a.violation - b.violation || b.added - a.added || a.value - b.value;
  });
  return order[0] as number;
}

function leastOf(values: readonly number[]): number {
  return values.indexOf(Math.min(...values));
}
