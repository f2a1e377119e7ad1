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
  seenBy,
  total,
  unitOf,
  viewsOf,
  worth,
} from './acquisition.ts';
import { createGaussianLearner } from './gaussian-learner.ts';
import { branched } from './layers.ts';
import type { Course } from './perceptron.ts';
import { processTrend } from './process-trend.ts';
import { createStudent, createTeacher } from './teacher.ts';
import { additiveTrend, type FitTrend, linearTrend } from './trends.ts';

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
  /**
   * The trend is a Gaussian process, for functions that are smooth: the networks learn what it gets wrong about each point without
   * knowing it, and have the weight that they earn, see `Shrinkage`. It has a length scale for each column; with effects, it sees
   * all columns as they are, and each part and each choice of effects has one.
   */
  readonly smooth?: boolean;
}

/**
 * `space` has points for which predictions will be needed; the student is trained there too, with the spread of the
 * teacher's passes. Departs from Tuli et al. 2023, who train the student only at the training points, where the passes
 * agree, so that it cannot learn the spread elsewhere.
 */
export function heteroscedasticLearner(
  space: Points,
  { effects = [], parts = [space.width - total(effects)], smooth = false }: SurrogateShape,
  seed: number,
): HeteroscedasticLearner {
  const random = createRandom(seed);
  const views = viewsOf(space, parts, effects, smooth);
  const networks = createNetworks(parts, views.networksSee.of(space.values), random);
  const groups = effects.length > 0 ? [...parts, ...effects] : undefined;
  const fitTrend = smooth ? processTrend(groups) : fitterOf(effects);
  const earnsShare = smooth || effects.length > 0;
  const shrinkage = createShrinkage();
  let [until, networksUnit] = [0, 1];
  let learned: Parts | undefined;

  return {
    fit(points, y) {
      const count = requireTrainingSet(points, y);
      const once = distinctPoints(points, y);
      shrinkage.judge(learned, once);
      const { trendSees, networksSee } = views;
      const { trend, expected } = fitTrend(
        { points: seenBy(trendSees, points), y },
        { points: seenBy(trendSees, once.points), values: once.values },
      );
      const unit = unitOf(y);
      if (count >= until) {
        const left = y.map((value, i) => value - (expected[i] as number));
        networksUnit = smooth ? unitOf(left) : unit;
        const x = networksSee.of(points.values);
        const known = networksSee.of(once.points.values);
        networks.learn({ x, y: left.map((value) => MIDDLE + value / networksUnit), known });
        until = smooth ? Math.ceil(GROWTH * count) : 0;
      }
      const share = earnsShare ? shrinkage.share : 1;
      const { gaussian, student } = networks;
      const now = { trend, gaussian, student, ...views, unit, networksUnit, share };
      learned = now;
      return {
        predict: (asked) => predict(now, asked),
        acquisition: (weights, rows) => acquisition(now, weights, { rows, width: space.width }),
        worth: (weights, asked) => worth(now, weights, asked),
      };
    },
  };
}

/** A trend by the means of distinct points, and what it says of each. */
function fitterOf(effects: readonly number[]): FitTrend {
  return ({ points }, once) => {
    const trend =
      effects.length > 0
        ? additiveTrend(once.points, once.values, effects)
        : linearTrend(once.points, once.values);
    return { trend, expected: trend.at(points.values).mean };
  };
}

interface Lessons {
  /** Points of the values, (rows, inputs). */
  readonly x: Float64Array;
  /** (rows,) */
  readonly y: Float64Array;
  /** Distinct points of the values, (points, inputs). */
  readonly known: Float64Array;
}

/** The three networks, and a training of each that continues from the last; `everywhere` are points of the space. */
function createNetworks(parts: readonly number[], everywhere: Float64Array, random: Random) {
  const { wide, narrow } = shapesOf(parts);
  const gaussian = createGaussianLearner(narrow, random);
  const teacher = createTeacher(wide, random);
  const student = createStudent(wide, random);
  const width = total(parts);
  let course = FIRST_COURSE;
  return {
    gaussian,
    student,
    learn({ x, y, known }: Lessons) {
      gaussian.learn(x, y, { ...course, meanDecay: MEAN_DECAY / y.length });
      teacher.learn(x, y, { ...course, weightDecay: TEACHER_DECAY / y.length });
      const lessons = withSome(known, everywhere, width, random);
      const spread = teacher.spread(lessons, lessons.length / width);
      student.learn(lessons, spread, course);
      course = LATER_COURSE;
    },
  };
}

/**
 * Course of the first training of each network, and of later ones that continue from it. Departs from the code of Tuli et
 * al. 2023, which trains for 200 epochs each time, at rates from 5e-5 to 2e-3.
 */
const FIRST_COURSE: Course = { steps: 400, rate: 5e-3 };
const LATER_COURSE: Course = { steps: 60, rate: 2.5e-3 };

/** With a smooth trend the networks train again once the number of values has grown by this factor. Our choice. */
const GROWTH = 1.1;

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
function apart(
  { trend, gaussian, networksSee, trendSees, networksUnit }: Parts,
  point: Float64Array,
) {
  const { mean } = gaussian.forward(networksSee.of(point), 1);
  const straight = trend.at(trendSees.of(point)).mean[0] as number;
  return { straight, networks: networksUnit * ((mean[0] as number) - MIDDLE) };
}
