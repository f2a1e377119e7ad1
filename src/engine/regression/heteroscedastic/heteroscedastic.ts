// The surrogate of BOSHNAS: what it expects of a point, how much repeating would vary, and how little it knows there.
// Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?": natural-parameter
// network, teacher and student. Departs from it: a trend is taken out first, and the networks learn what it leaves. They have
// no notion of a slope, nor of what an option is worth wherever it is chosen, which a dozen points are enough to show.

import type { Differentiable } from '../../optimisers/differentiable.ts';
import { createRandom, type Random } from '../../random.ts';
import { type DistinctPoints, distinctPoints } from '../distinct-points.ts';
import type { Points, Regressor } from '../regressor.ts';
import { requireTrainingSet } from '../training-set.ts';
import { type AcquisitionWeights, acquisition, worth } from './acquisition.ts';
import { additiveTrend } from './additive-trend.ts';
import type { Course } from './descend.ts';
import { foretell } from './foretelling.ts';
import { createGaussianLearner } from './gaussian-learner.ts';
import { branched } from './layer-shape.ts';
import { linearTrend } from './linear-trend.ts';
import { MIDDLE, type Parts } from './parts.ts';
import { unitOf } from './scaling.ts';
import { createShrinkage } from './shrinkage.ts';
import { createStudent } from './student.ts';
import { createTeacher } from './teacher.ts';
import type { Trend } from './trend.ts';
import { total, viewsOf } from './view.ts';

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
export interface HeteroscedasticLearner {
  /** What it returns is good until the next call. Throws as `requireTrainingSet` does. */
  fit(points: Points, y: Float64Array): HeteroscedasticRegressor;
}

export interface SurrogateShape {
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
