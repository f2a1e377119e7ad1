// Climbs of weighted objectives in a box, each under weights of its own, and the points at which they end.
import type { Random } from '../../../engine/random.ts';
import { type Points, rowOf } from '../../../engine/regression/regressor.ts';
import { leastPlaces } from '../../../engine/statistics.ts';
import { gobi } from '../boshnas/climb.ts';
import type { Evaluated, Point } from '../points/contract.ts';
import { outputsOf, type PointHistory } from '../points/history.ts';
import type { Scalar } from '../points/scalar.ts';
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

/** Where a climb under each scalar ends, each end the best among its neighbours; without those that may not be proposed. */
export function freshEnds(
  asking: Asking,
  outputs: Outputs,
  scalars: readonly Scalar[],
): readonly Point[] {
  const { history, random } = asking;
  const { space, problem } = history;
  /** Of a group of points for each climb. */
  const valuesAt = (groups: readonly (readonly Point[])[]) => {
    const rows = outputs.optimistic(space.coordinatesOf(groups.flat())).values();
    return groups.map((group, climb) =>
      group.map(() => (scalars[climb] as Scalar).at(rows.next().value as readonly number[])),
    );
  };
  const { starts, ends } = climbed(asking, outputs, scalars);
  const settled =
    problem.constraints > 0 ? settledAtLimits(space, { starts, ends, valuesAt }, random) : ends;
  const around = settled.map((end) => [end, ...space.neighbours(end)]);
  const values = valuesAt(around);
  return around
    .map((group, climb) => {
      const [best = 0] = leastPlaces(values[climb] as readonly number[], 1);
      return space.nearestLegal(group[best] as Point, random);
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

/** One climb under each scalar. Ends are snapped to points that may be illegal. */
function climbed(
  asking: Asking,
  outputs: Outputs,
  scalars: readonly Scalar[],
): { readonly starts: readonly Point[]; readonly ends: readonly Point[] } {
  const { history, options, random, drawn } = asking;
  const { iterations, secondOrder } = options;
  const { space } = history;
  const best = bestKnown(history, scalars.slice(0, Math.ceil(scalars.length / 2)));
  const starts = [...best, ...drawn(scalars.length - best.length)];
  const target = outputs.scalar(scalars);
  target.weights.set(space.coordinatesOf(starts).values);
  const box = { least: new Float64Array(space.width), most: new Float64Array(space.width).fill(1) };
  gobi(target, box, { iterations, secondOrder, seed: random.integer(2 ** 32) });
  const ends: Points = { values: Float64Array.from(target.weights), width: space.width };
  return { starts, ends: starts.map((_, row) => space.snap(rowOf(ends, row))) };
}

/** For each scalar, as long as there are any, the best point of the archive that is not that of an earlier one. */
function bestKnown(
  { archive, evaluated }: PointHistory,
  scalars: readonly Scalar[],
): readonly Point[] {
  const left = new Set<Evaluated>(archive.length > 0 ? archive : evaluated);
  return scalars.slice(0, left.size).map((scalar) => {
    const some = [...left];
    const [place = 0] = leastPlaces(
      some.map((one) => scalar.at(outputsOf(one))),
      1,
    );
    const best = some[place] as Evaluated;
    left.delete(best);
    return best.point;
  });
}
