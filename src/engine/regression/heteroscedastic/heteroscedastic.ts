// The surrogate of BOSHNAS: what it expects of a point, how much repeating would vary, and how little it knows there.
// Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?": natural-parameter
// network, teacher and student. Departs from it: a trend is taken out first, and the networks learn what it leaves. They have
// no notion of a slope, nor of what an option is worth wherever it is chosen, which a dozen points are enough to show.
import type { Differentiable } from '../../optimisers/differentiable.ts';
import { createRandom, type Random } from '../../random.ts';
import {
  type DistinctPoints,
  distinctPoints,
  type Points,
  type Regressor,
  requireTrainingSet,
  rowOf,
} from '../regressor.ts';
import {
  type AcquisitionWeights,
  acquisition,
  foretell,
  MIDDLE,
  type Parts,
  total,
  unitOf,
  viewsOf,
  worth,
} from './acquisition.ts';
import { createGaussianLearner } from './gaussian-learner.ts';
import { branched } from './layers.ts';
import type { Course } from './perceptron.ts';
import { createStudent, createTeacher } from './teacher.ts';
import { additiveTrend, linearTrend, type Trend } from './trends.ts';

export interface HeteroscedasticRegressor extends Regressor {
  /**
   * Minus the acquisition in the scale of y, summed over `rows` points, as something to descend: its weights are the
   * points' coordinates, (rows, E).
   */
  acquisition(weights: AcquisitionWeights, rows: number): Differentiable;
  /** The acquisition at points. */
  worth(weights: AcquisitionWeights, points: Points): Float64Array;
}

/** Goes on learning when there are more points, which costs a fraction of a new training. */
interface HeteroscedasticLearner {
  /** What it returns is good until the next call. Throws as `requireTrainingSet` does. */
  fit(points: Points, y: Float64Array): HeteroscedasticRegressor;
}

interface SurrogateShape {
  /** Widths of the parts of a point that get a branch of the networks each; absent = one part, all that are no effects. */
  readonly parts?: readonly number[];
  /**
   * Widths of the parts that follow these, which the trend learns from: what was chosen, see `additiveTrend`. Absent = none;
   * then the trend is a plane over what the networks see, and what they foretell counts as it is, see `Shrinkage`.
   */
  readonly effects?: readonly number[];
}

/**
 * `space`: where predictions will be asked for; the student is taught there too, with what the teacher's passes say.
 * Departs from Tuli et al. 2023, who teach the student at the points that are known, where the passes agree: it cannot
 * know then that they differ elsewhere.
 */
export function heteroscedasticLearner(
  space: Points,
  { effects = [], parts = [space.width - total(effects)] }: SurrogateShape,
  seed: number,
): HeteroscedasticLearner {
  const random = createRandom(seed);
  const { wide, narrow } = shapesOf(parts);
  const gaussian = createGaussianLearner(narrow, random);
  const teacher = createTeacher(wide, random);
  const student = createStudent(wide, random);
  const { networksSee, trendSees } = viewsOf(space, parts, effects);
  const everywhere = networksSee.of(space.values);
  const shrinkage = createShrinkage();
  let course = FIRST_COURSE;
  let learned: Parts | undefined;

  function trendThrough({ points, values }: DistinctPoints): Trend {
    const seen = { values: trendSees.of(points.values), width: trendSees.width };
    return effects.length > 0 ? additiveTrend(seen, values, effects) : linearTrend(seen, values);
  }

  return {
    fit(points, y) {
      const count = requireTrainingSet(points, y);
      const once = distinctPoints(points, y);
      shrinkage.judge(learned, once);
      const trend = trendThrough(once);
      const unit = unitOf(y);
      const x = networksSee.of(points.values);
      const foretold = trend.at(trendSees.of(points.values)).mean;
      const scaled = y.map((value, i) => MIDDLE + (value - (foretold[i] as number)) / unit);
      gaussian.learn(x, scaled, { ...course, meanDecay: MEAN_DECAY / count });
      teacher.learn(x, scaled, { ...course, weightDecay: TEACHER_DECAY / count });
      const known = networksSee.of(once.points.values);
      const lessons = withSome(known, everywhere, networksSee.width, random);
      const spread = teacher.spread(lessons, lessons.length / networksSee.width);
      student.learn(lessons, spread, course);
      course = LATER_COURSE;
      const share = effects.length > 0 ? shrinkage.share : 1;
      const now = { trend, gaussian, student, networksSee, trendSees, unit, share };
      learned = now;
      return {
        predict: (asked) => foretell(now, asked),
        acquisition: (weights, rows) => acquisition(now, weights, { rows, width: space.width }),
        worth: (weights, asked) => worth(now, weights, asked),
      };
    },
  };
}

/**
 * Of the first training of each network, and of those that go on from it. Departs from the code of Tuli et al. 2023, which
 * trains for 200 epochs each time, at rates from 5e-5 to 2e-3.
 */
const FIRST_COURSE: Course = { steps: 400, rate: 5e-3 };
const LATER_COURSE: Course = { steps: 60, rate: 2.5e-3 };

/** Of the weights' means, and of the teacher's weights, over the number of values: a prior that counts as so many. Ours. */
const [MEAN_DECAY, TEACHER_DECAY] = [0.2, 0.03];

/**
 * Widths of the published networks. Departs from them for more than one part, whose branches have one layer each and not
 * two: there are few pairs to learn from.
 */
function shapesOf(parts: readonly number[]) {
  return parts.length === 1
    ? { wide: branched(parts, [], [64, 32]), narrow: branched(parts, [], [32, 32]) }
    : { wide: branched(parts, [32], [32]), narrow: branched(parts, [32], [32]) };
}

/** Of the space, that the student is taught at each time. */
const SOME = 128;

/** The points, and others drawn from everywhere. */
function withSome(
  x: Float64Array,
  everywhere: Float64Array,
  width: number,
  random: Random,
): Float64Array {
  const lessons = new Float64Array(x.length + SOME * width);
  lessons.set(x);
  for (let at = x.length; at < lessons.length; at += width) {
    const from = width * random.integer(everywhere.length / width);
    lessons.set(everywhere.subarray(from, from + width), at);
  }
  return lessons;
}

// How far the networks may be believed: by what they foretold of points before they learned from them.

interface Shrinkage {
  /** Looks at those points that are new, which `parts` have not learned from; absent = nothing was foretold of them. */
  judge(parts: Parts | undefined, points: DistinctPoints): void;
  /** 0 to 1: by how much to multiply what the networks say beside the trend. */
  readonly share: number;
}

/** Standard errors that are taken off: what is left is hardly luck. */
const ERRORS_OFF = 2;

/** Foretellings at least: fewer do not tell how large their error is. */
const LEAST_FORETOLD = 3;

/**
 * The slope of what came by what was foretold, through the origin, less twice its error: what a search asks for was chosen
 * because much was foretold of it, so foretellings at face value would be too high (the winner's curse), and where values
 * are mostly noise a slope of chance would have a search follow them. Ours.
 */
export function createShrinkage(): Shrinkage {
  const known = new Set<string>();
  let [products, squares, total, count] = [0, 0, 0, 0];
  return {
    judge(parts, { points, values }) {
      for (let row = 0; row < values.length; row++) {
        const point = rowOf(points, row);
        const key = point.join();
        if (known.has(key)) continue;
        known.add(key);
        if (!parts) continue;
        const { straight, networks } = apart(parts, point);
        const came = (values[row] as number) - straight;
        products += networks * came;
        squares += networks ** 2;
        total += came ** 2;
        count++;
      }
    },
    get share() {
      if (squares === 0 || count < LEAST_FORETOLD) return 0;
      const slope = products / squares;
      const left = Math.max(total - slope * products, 0) / (count - 1);
      return Math.min(Math.max(slope - ERRORS_OFF * Math.sqrt(left / squares), 0), 1);
    },
  };
}

/** What the trend says of one point, and what the networks add to it. */
function apart({ trend, gaussian, networksSee, trendSees, unit }: Parts, point: Float64Array) {
  const { mean } = gaussian.forward(networksSee.of(point), 1);
  const straight = trend.at(trendSees.of(point)).mean[0] as number;
  return { straight, networks: unit * ((mean[0] as number) - MIDDLE) };
}
