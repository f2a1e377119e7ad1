// The surrogate of BOSHNAS: what it expects of a point, how much repeating would vary, and how little it knows there.
// Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?": natural-parameter
// network, teacher and student. Departs from it: a straight trend is taken out first, and the networks learn what it leaves.
// They have no notion of a slope, which a dozen points are enough to show.

import type { Differentiable } from '../../optimisers/differentiable.ts';
import { createRandom, type Random } from '../../random.ts';
import { distinctPoints } from '../distinct-points.ts';
import { countOf, type Points, type Regressor } from '../regressor.ts';
import { requireTrainingSet } from '../training-set.ts';
import { type AcquisitionWeights, acquisition, type Parts } from './acquisition.ts';
import type { Course } from './descend.ts';
import { createGaussianLearner } from './gaussian-learner.ts';
import { branched } from './layer-shape.ts';
import { linearTrend } from './linear-trend.ts';
import { frameOf, intoFrame, unitOf } from './scaling.ts';
import { createStudent } from './student.ts';
import { createTeacher } from './teacher.ts';

export interface HeteroscedasticRegressor extends Regressor {
  /**
   * Minus the acquisition in the scale of y, summed over `rows` points, as something to descend: its weights are the
   * points' coordinates, (rows, E).
   */
  acquisition(weights: AcquisitionWeights, rows: number): Differentiable;
}

/** Goes on learning when there are more points, which costs a fraction of a new training. */
export interface HeteroscedasticLearner {
  /** What it returns is good until the next call. Throws as `requireTrainingSet` does. */
  fit(points: Points, y: Float64Array): HeteroscedasticRegressor;
}

/**
 * `space`: where predictions will be asked for; the student is taught there too, with what the teacher's passes say.
 * `parts`: widths of the parts of a point that get a branch of the networks each; absent = one part.
 * Departs from Tuli et al. 2023, who teach the student at the points that are known, where the passes agree: it cannot
 * know then that they differ elsewhere.
 */
export function heteroscedasticLearner(
  space: Points,
  { parts = [space.width] }: { readonly parts?: readonly number[] },
  seed: number,
): HeteroscedasticLearner {
  const random = createRandom(seed);
  const { wide, narrow } = shapesOf(parts);
  const gaussian = createGaussianLearner(narrow, random);
  const teacher = createTeacher(wide, random);
  const student = createStudent(wide, random);
  const frame = frameOf(space, parts);
  const everywhere = intoFrame(frame, space.values);
  let course = FIRST_COURSE;
  return {
    fit(points, y) {
      const count = requireTrainingSet(points, y);
      const x = intoFrame(frame, points.values);
      const once = distinctPoints({ values: x, width: space.width }, y);
      const trend = linearTrend(once.points, once.values);
      const unit = unitOf(y);
      const foretold = trend.at(x);
      const scaled = y.map((value, i) => MIDDLE + (value - (foretold[i] as number)) / unit);
      gaussian.learn(x, scaled, { ...course, meanDecay: MEAN_DECAY / count });
      teacher.learn(x, scaled, { ...course, weightDecay: TEACHER_DECAY / count });
      const lessons = withSome(once.points.values, everywhere, space.width, random);
      const spread = teacher.spread(lessons, lessons.length / space.width);
      student.learn(lessons, spread, course);
      course = LATER_COURSE;
      return regressorOf({ trend, gaussian, student, frame, unit });
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

function regressorOf(parts: Parts): HeteroscedasticRegressor {
  const { trend, gaussian, student, frame, unit } = parts;
  return {
    predict(points) {
      const count = countOf(points);
      const x = intoFrame(frame, points.values);
      const prediction = {
        mean: new Float64Array(count),
        aleatoric: new Float64Array(count),
        epistemic: new Float64Array(count),
      };
      for (let from = 0; from < count; from += CHUNK) {
        const end = Math.min(from + CHUNK, count);
        const chunk = x.subarray(from * points.width, end * points.width);
        const { mean, variance } = gaussian.forward(chunk, end - from);
        const straight = trend.at(chunk);
        prediction.mean.set(
          mean.map((m, i) => (straight[i] as number) + unit * (m - MIDDLE)),
          from,
        );
        prediction.aleatoric.set(
          variance.map((s) => unit * Math.sqrt(s)),
          from,
        );
        const spread = student.forward(chunk, end - from);
        prediction.epistemic.set(
          spread.map((s) => unit * s),
          from,
        );
      }
      return prediction;
    },
    acquisition: (weights, rows) => acquisition(parts, weights, rows),
  };
}

/** Where the networks have what the trend says. */
const MIDDLE = 0.5;

/** Points that are predicted at once, so that what they need stays near the processor. */
const CHUNK = 256;

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
