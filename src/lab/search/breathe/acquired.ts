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
  drawnExtreme,
  flatDirichlet,
  frontReference,
  furtherBy,
  LEAST_GAIN,
  type Ranges,
  rangesOf,
  type Scalar,
  scalarOf,
} from '../points/scalar.ts';
import { type Asking, freshEnds } from './climbs.ts';
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
      : leastEnd(asking, outputs, drawn())?.point;
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

/** An extreme that is less likely than this to keep all constraints is not worth an evaluation. Our choice. */
const LEAST_CHANCE = 0.01;

/**
 * The end that is expected to be lower in one objective than all that is known, weighed by the chance that it keeps all
 * constraints; undefined if none is lower and may keep them. A young archive may have a small range: what breaks a constraint is
 * then better by many ranges, and worth the penalty. So every other climb is under a penalty that is worth all that was ever seen;
 * under it alone climbs come to rest at the first limit they meet.
 */
function furtherEnd(asking: Asking, outputs: Outputs, ranges: Ranges): Point | undefined {
  const { history, options, random } = asking;
  const { objectives, archive, evaluated, space } = history;
  const extreme = drawnExtreme(objectives, random);
  const under = (penalty: number) => scalarOf(ranges, { ...extreme, penalty });
  const climbed = [1, rangesShown(evaluated, ranges)].map((by) => under(by * options.penalty));
  const scalars = Array.from({ length: options.restarts }, (_, i) => climbed[i % 2] as Scalar);
  const fresh = freshEnds(asking, outputs, scalars);
  const ends = space.coordinatesOf(fresh);
  const sought = under(0);
  const gains = Float64Array.from(outputs.optimistic(ends), (row) =>
    furtherBy(sought.at(row), archive, sought),
  );
  const chances = chancesOfKeeping(outputs.predicted(ends).slice(objectives), fresh.length);
  const merits = likelyGains(gains, chances).map((merit, i) =>
    (gains[i] as number) > LEAST_GAIN && (chances[i] as number) > Math.log(LEAST_CHANCE)
      ? merit
      : Number.NEGATIVE_INFINITY,
  );
  const most = Math.max(...merits);
  return most > Number.NEGATIVE_INFINITY ? fresh[merits.indexOf(most)] : undefined;
}

/** The most ranges of an archive that all outcomes reach over in an objective, at least 1. */
function rangesShown(evaluated: readonly Evaluated[], { range }: Ranges): number {
  const shown = rangesOf(evaluated, evaluated).range;
  return Math.max(1, ...shown.map((one, j) => one / (range[j] as number)));
}

/** All climbs are under one scalar. */
function leastEnd(asking: Asking, outputs: Outputs, scalar: Scalar) {
  const { history, options } = asking;
  const fresh = freshEnds(asking, outputs, new Array<Scalar>(options.restarts).fill(scalar));
  const predicted = outputs.optimistic(history.space.coordinatesOf(fresh));
  const values = predicted.map((row) => scalar.at(row));
  const [place] = leastPlaces(values, 1);
  if (place === undefined) return undefined;
  return { point: fresh[place] as Point, value: values[place] as number };
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
  const predicted = outputs.predicted(space.coordinatesOf(fresh)).map(({ mean, deviation }) => ({
    mean,
    deviation: deviation.map((one) => options.epistemicWeight * one),
  }));
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
