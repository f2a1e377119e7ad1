// The surrogate of BOSHNAS: predicts the mean, the aleatoric and the epistemic uncertainty of a point.
// Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?": natural-parameter
// network, teacher and student. Departs from it: a trend is fitted first, and the networks learn its residuals. A dozen
// points are enough to fit a slope or the effect of an option, which the networks cannot represent as such.
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
  type Acquisition,
  type AcquisitionWeights,
  acquisition,
  MIDDLE,
  type Parts,
  predict,
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
   * Minus the acquisition, summed over `rows` points, as a function to minimise: its weights are the points' coordinates,
   * (rows, E).
   */
  acquisition(weights: AcquisitionWeights, rows: number): Acquisition;
  /** The acquisition at points. */
  worth(weights: AcquisitionWeights, points: Points): Float64Array;
}

/** A learner that continues its training with more points, at a fraction of the cost of a new training. */
interface HeteroscedasticLearner {
  /** The result is valid until the next call. Throws the errors of `requireTrainingSet`. */
  fit(points: Points, y: Float64Array): HeteroscedasticRegressor;
}

interface SurrogateShape {
  /**
   * Widths of the parts of a point, each with its own branch of the networks; absent = one part with all columns except
   * effects.
   */
  readonly parts?: readonly number[];
  /**
   * Widths of the parts that follow these, for the trend: one-hot choices, see `additiveTrend`. Absent = none: the trend is
   * then a plane over the networks' columns, and predictions of the networks have their full weight, see `Shrinkage`.
   */
  readonly effects?: readonly number[];
}

/**
 * `space` has points for which predictions will be needed; the student is trained there too, with the spread of the
 * teacher's passes. Departs from Tuli et al. 2023, who train the student only at the training points, where the passes
 * agree, so that it cannot learn the spread elsewhere.
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
      const expected = trend.at(trendSees.of(points.values)).mean;
      const scaled = y.map((value, i) => MIDDLE + (value - (expected[i] as number)) / unit);
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
        predict: (asked) => predict(now, asked),
        acquisition: (weights, rows) => acquisition(now, weights, { rows, width: space.width }),
        worth: (weights, asked) => worth(now, weights, asked),
      };
    },
  };
}

/**
 * Course of the first training of each network, and of later ones that continue from it. Departs from the code of Tuli et
 * al. 2023, which trains for 200 epochs each time, at rates from 5e-5 to 2e-3.
 */
const FIRST_COURSE: Course = { steps: 400, rate: 5e-3 };
const LATER_COURSE: Course = { steps: 60, rate: 2.5e-3 };

/** Decay of the weights' means, and of the teacher's weights, divided by the number of values. Our choice. */
const [MEAN_DECAY, TEACHER_DECAY] = [0.2, 0.03];

/**
 * Widths of the published networks. Departs from them for more than one part: branches have one layer each instead of two,
 * because there are few pairs to learn from.
 */
function shapesOf(parts: readonly number[]) {
  return parts.length === 1
    ? { wide: branched(parts, [], [64, 32]), narrow: branched(parts, [], [32, 32]) }
    : { wide: branched(parts, [32], [32]), narrow: branched(parts, [32], [32]) };
}

/** Points of the space in each training of the student. */
const SOME = 128;

/** The points, and random points of the space. */
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

// The weight of the networks' predictions, from their predictions of new points before training on them.

interface Shrinkage {
  /** Compares the predictions of `parts` for new points with their values; without `parts` it only notes the points. */
  judge(parts: Parts | undefined, points: DistinctPoints): void;
  /** 0 to 1: factor on the networks' predictions, which are added to the trend. */
  readonly share: number;
}

/** Number of standard errors that are subtracted from the slope, so that chance does not count. */
const ERRORS_OFF = 2;

/** Least number of predictions: with fewer, the error is not known. */
const LEAST_PREDICTIONS = 3;

/**
 * The slope of values over predictions through the origin, minus twice its error. A search chooses points with high
 * predictions, so predictions are too high on average (the winner's curse); and if values are mostly noise, a random slope
 * would mislead the search. Our method.
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
        const actual = (values[row] as number) - straight;
        products += networks * actual;
        squares += networks ** 2;
        total += actual ** 2;
        count++;
      }
    },
    get share() {
      if (squares === 0 || count < LEAST_PREDICTIONS) return 0;
      const slope = products / squares;
      const left = Math.max(total - slope * products, 0) / (count - 1);
      return Math.min(Math.max(slope - ERRORS_OFF * Math.sqrt(left / squares), 0), 1);
    },
  };
}

/** Prediction of the trend for one point, and the networks' addition to it. */
function apart({ trend, gaussian, networksSee, trendSees, unit }: Parts, point: Float64Array) {
  const { mean } = gaussian.forward(networksSee.of(point), 1);
  const straight = trend.at(trendSees.of(point)).mean[0] as number;
  return { straight, networks: unit * ((mean[0] as number) - MIDDLE) };
}
