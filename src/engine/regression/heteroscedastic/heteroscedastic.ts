// The surrogate of BOSHNAS: what it expects of a point, how much repeating would vary, and how little it knows there.
// Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?": natural-parameter
// network, teacher and student.

import type { Differentiable } from '../../optimisers/differentiable.ts';
import { createRandom, type Random } from '../../random.ts';
import { extent } from '../../statistics.ts';
import { countOf, type FitRegressor, type Points, type Regressor } from '../regressor.ts';
import { type AcquisitionWeights, acquisition, type Networks } from './acquisition.ts';
import type { Course } from './descend.ts';
import { createGaussianLearner } from './gaussian-learner.ts';
import { branched } from './layer-shape.ts';
import { frameOf, intoFrame, type ValueScale, valueScale } from './scaling.ts';
import { createStudent } from './student.ts';
import { createTeacher } from './teacher.ts';

export interface HeteroscedasticOptions {
  /** Widths of the parts of a point that get a branch of the networks each; absent = one part. */
  readonly parts?: readonly number[];
  /** Natural-parameter networks. */
  readonly members?: number;
  /** Passes of the teacher, and the share of hidden values that each leaves out. */
  readonly passes?: number;
  readonly dropout?: number;
  /** Steps of the first training of each network, and of those that go on from it. */
  readonly firstSteps?: number;
  readonly steps?: number;
  readonly rate?: number;
  /** Of the weights' means, and of the teacher's weights, over the number of values: a prior that counts as so many. */
  readonly decay?: number;
  readonly teacherDecay?: number;
}

export interface HeteroscedasticRegressor extends Regressor {
  /**
   * Minus the acquisition in the scale of y, summed over `rows` points, as something to descend: its weights are the
   * points' coordinates, (rows, E).
   */
  acquisition(weights: AcquisitionWeights, rows: number): Differentiable;
}

/** Goes on learning when there are more points, which costs a fraction of a new training. */
export interface HeteroscedasticLearner {
  /** What it returns is good until the next call. Throws `RangeError` without points. */
  fit(points: Points, y: Float64Array): HeteroscedasticRegressor;
}

/**
 * `space`: where predictions will be asked for; the student is taught there too, with what the teacher's passes say.
 * Departs from Tuli et al. 2023, who teach the student at the points that are known, where the passes agree: it cannot
 * know then that they differ elsewhere.
 */
export function heteroscedasticLearner(
  space: Points,
  options: HeteroscedasticOptions,
  seed: number,
): HeteroscedasticLearner {
  const { parts = [space.width], members = 1, passes = 10, dropout = 0.3 } = options;
  const { firstSteps = 400, steps = 60, rate = 5e-3 } = options;
  const { decay = 0.2, teacherDecay = 0.03 } = options;
  const random = createRandom(seed);
  const { wide, narrow } = shapesOf(parts);
  const gaussian = createGaussianLearner(narrow, members, random);
  const teacher = createTeacher(wide, { passes, dropout }, random);
  const student = createStudent(wide, random);
  const frame = frameOf(space, parts);
  const everywhere = intoFrame(frame, space.values);
  let course: Course = { steps: firstSteps, rate };
  return {
    fit(points, y) {
      if (y.length === 0) throw new RangeError('no points to learn from');
      const scale = valueScale(y);
      const x = intoFrame(frame, points.values);
      const scaled = y.map(scale.into);
      gaussian.learn(x, scaled, { ...course, meanDecay: decay / y.length });
      teacher.learn(x, scaled, { ...course, weightDecay: teacherDecay / y.length });
      const lessons = withSome(x, everywhere, space.width, random);
      const spread = teacher.spread(lessons, lessons.length / space.width);
      student.learn(lessons, spread, course);
      course = { steps, rate: rate / 2 };
      return regressorOf({ gaussian, student, frame }, scale);
    },
  };
}

/** A new training for each call. Predictions will be asked for around the points: in the box that holds them. */
export function heteroscedastic(
  options: HeteroscedasticOptions = {},
): FitRegressor<HeteroscedasticRegressor> {
  return (points, y, seed) =>
    heteroscedasticLearner(boxAround(points, createRandom(seed)), options, seed).fit(points, y);
}

/**
 * Widths of the published networks. Departs from them for more than one part, which have two layers in each branch: with
 * one, some twenty pairs tell which others are good.
 */
function shapesOf(parts: readonly number[]) {
  return parts.length === 1
    ? { wide: branched(parts, [], [64, 32]), narrow: branched(parts, [], [32, 32]) }
    : { wide: branched(parts, [32], [32]), narrow: branched(parts, [32], [32]) };
}

function regressorOf(networks: Networks, scale: ValueScale): HeteroscedasticRegressor {
  const { gaussian, student, frame } = networks;
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
        prediction.mean.set(mean.map(scale.back), from);
        prediction.aleatoric.set(
          variance.map((s) => scale.unit * Math.sqrt(s)),
          from,
        );
        const spread = student.forward(chunk, end - from).subarray(0, end - from);
        prediction.epistemic.set(
          spread.map((s) => scale.unit * s),
          from,
        );
      }
      return prediction;
    },
    acquisition: (weights, rows) => acquisition(networks, weights, rows),
  };
}

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

function boxAround({ values, width }: Points, random: Random): Points {
  const sides = Array.from({ length: width }, (_, i) =>
    extent(values.filter((_, place) => place % width === i)),
  );
  const drawn = Float64Array.from({ length: SOME * width }, (_, place) => {
    const [least, most] = sides[place % width] as readonly [number, number];
    return least + (most - least) * random.uniform();
  });
  return { values: drawn, width };
}
