// The point that a proposal takes: the best of the ends of climbs under weighted objectives.
import { leastPlaces } from '../../../engine/statistics.ts';
import {
  expectedImprovements,
  MOST_OBJECTIVES,
  openRegion,
  type Uncertain,
} from '../expected-hypervolume.ts';
import type { Evaluated, Point } from '../points/contract.ts';
import { chancesOfKeeping, likelyGains } from '../points/process-models.ts';
import {
  flatDirichlet,
  frontReference,
  type Ranges,
  rangesOf,
  type Scalar,
  scalarOf,
} from '../points/scalar.ts';
import { type Asking, freshEnds } from './climbs.ts';
import { furtherEnd } from './extremes.ts';
import type { BreatheOptions } from './options.ts';
import { properFront } from './proper-front.ts';
import type { Outputs } from './surrogates.ts';

/**
 * The best fresh point at the ends of climbs, or, for a share of the proposals, a point further out than all that are known.
 * Undefined if no end is fresh under several weights.
 */
export function acquired(asking: Asking, outputs: Outputs): Point | undefined {
  const { history, options, random } = asking;
  const { objectives, evaluated, archive } = history;
  const { value, penalty, extremeShare, restarts } = options;
  const ranges = rangesOf(evaluated, properFront(evaluated, archive));
  if (objectives > 1 && archive.length > 0 && random.uniform() < extremeShare) {
    const point = furtherEnd(asking, outputs, ranges);
    if (point) return point;
  }
  const drawn = () =>
    scalarOf(ranges, { value, weights: flatDirichlet(objectives, random), penalty });
  for (let draw = 0; draw < DRAWS; draw++) {
    const point = expectsFront(objectives, options)
      ? mostPromising(asking, outputs, ranges, Array.from({ length: restarts }, drawn))
      : leastEnd(asking, outputs, drawn());
    if (point) return point;
  }
  return undefined;
}

/**
 * Whether the end of the greatest expected improvement is taken; then the epistemic uncertainty counts there, and not in the climbs.
 * With one objective, and with more than the improvement can be computed for in time, the end of the least value is taken.
 */
export function expectsFront(
  objectives: number,
  { choice }: Pick<BreatheOptions, 'choice'>,
): boolean {
  return choice === 'hypervolume' && objectives > 1 && objectives <= MOST_OBJECTIVES;
}

/** Draws of weights: under some of them all climbs may end at known points. Our choice. */
const DRAWS = 3;

/** All climbs are under one scalar. */
function leastEnd(asking: Asking, outputs: Outputs, scalar: Scalar): Point | undefined {
  const { history, options } = asking;
  const fresh = freshEnds(asking, outputs, new Array<Scalar>(options.restarts).fill(scalar));
  const predicted = outputs.optimistic(history.space.coordinatesOf(fresh));
  const values = predicted.map((row) => scalar.at(row));
  const [place] = leastPlaces(values, 1);
  return place === undefined ? undefined : fresh[place];
}

/**
 * The end whose objectives are expected to raise the hypervolume of the archive the most, times the chance that it keeps all
 * constraints; by the chance alone where nothing feasible is known. As in ehvi.ts, with climbs instead of a drawn pool.
 */
function mostPromising(
  asking: Asking,
  outputs: Outputs,
  ranges: Ranges,
  scalars: readonly Scalar[],
): Point | undefined {
  const { history, options } = asking;
  const { objectives, archive, space } = history;
  const fresh = freshEnds(asking, outputs, scalars);
  const predicted = outputs.predicted(space.coordinatesOf(fresh), options.epistemicWeight);
  const chances = chancesOfKeeping(predicted.slice(objectives), fresh.length);
  const gains =
    archive.length > 0
      ? expectedGains(archive, predicted.slice(0, objectives), ranges)
      : new Float64Array(fresh.length).fill(1);
  const merits = likelyGains(gains, chances);
  return fresh[merits.indexOf(Math.max(...merits))];
}

/** (points,) expected improvement of the hypervolume, in units of the ranges. */
function expectedGains(
  archive: readonly Evaluated[],
  predicted: readonly Uncertain[],
  { least, range }: Ranges,
): Float64Array {
  const inRange = (value: number, j: number) =>
    (value - (least[j] as number)) / (range[j] as number);
  const region = openRegion(
    archive.map(({ objectives }) => objectives.map(inRange)),
    frontReference(least.length),
  );
  const scaled = predicted.map(({ mean, deviation }, j) => ({
    mean: mean.map((value) => inRange(value, j)),
    deviation: deviation.map((one) => one / (range[j] as number)),
  }));
  return expectedImprovements(region, scaled);
}
