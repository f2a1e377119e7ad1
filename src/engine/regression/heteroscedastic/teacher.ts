// Teacher and student: the spread of the teacher's dropout passes is the epistemic uncertainty, and the student learns to
// predict this spread in a single smooth pass.
import type { Random } from '../../random.ts';
import { mean, standardDeviation } from '../../statistics.ts';
import type { LayerShape } from './layers.ts';
import { BATCH, type Course, createPerceptron, descend, errors, gather } from './perceptron.ts';

interface Teacher {
  /** y (rows,) in (0, 1). Continues from the current weights. */
  learn(x: Float64Array, y: Float64Array, course: Course): void;
  /** (rows,) standard deviation of the passes at x (rows, inputs). */
  spread(x: Float64Array, rows: number): Float64Array;
}

/** Number of passes and dropout rate, as published (Tuli et al. 2023). */
const [PASSES, DROPOUT] = [10, 0.3];

/** Gain of the priors' weights, which sets how fast the uncertainty may change. Our choice. */
const PRIOR_GAIN = 2;

/** Weight of the priors in a pass, where y spans 0.8. Our choice. */
const PRIOR_SHARE = 0.1;

/**
 * Gal and Ghahramani 2016, "Dropout as a Bayesian approximation".
 * Departs from it, because passes with new masks each time differ as much near training points as elsewhere: the masks of a
 * pass are drawn once, so each pass is a separate network that can learn to agree with the others; and each adds a fixed
 * random function (Osband et al. 2018, "Randomized prior functions for deep reinforcement learning"), which training
 * compensates only near the points. The sum needs no logistic output.
 */
export function createTeacher(shapes: readonly LayerShape[], random: Random): Teacher {
  const network = createPerceptron(shapes, 'identity', 1, random);
  const prior = createPerceptron(shapes, 'identity', PRIOR_GAIN, random);
  const { inputs, hidden } = network;
  const kept = hidden.map((width) =>
    Float64Array.from({ length: PASSES * width }, () =>
      random.uniform() < DROPOUT ? 0 : 1 / (1 - DROPOUT),
    ),
  );

  /** Output of the given pass for each row; valid until the next call. */
  function outputsOf(x: Float64Array, pass: Int32Array): Float64Array {
    const masks = hidden.map((width, layer) => {
      const rows = new Float64Array(pass.length * width);
      gather(kept[layer] as Float64Array, width, pass, rows);
      return rows;
    });
    const before = prior.forward(x, pass.length, masks);
    return network
      .forward(x, pass.length, masks)
      .map((value, row) => value + PRIOR_SHARE * (before[row] as number));
  }

  return {
    learn(x, y, course) {
      const room = new Float64Array(BATCH * inputs);
      descend(network, y.length, course, random, (rows) => {
        gather(x, inputs, rows, room);
        const found = outputsOf(
          room,
          rows.map(() => random.integer(PASSES)),
        );
        network.backward(errors(found, y, rows));
      });
    },
    spread(x, rows) {
      const found = Array.from({ length: PASSES }, (_, pass) =>
        outputsOf(x, new Int32Array(rows).fill(pass)),
      );
      return Float64Array.from({ length: rows }, (_, row) =>
        standardDeviation(found.map((values) => values[row] as number)),
      );
    },
  };
}

export interface Student {
  /** Continues from the current weights. `spread` (rows,) is the target at x (rows, inputs). */
  learn(x: Float64Array, spread: Float64Array, course: Course): void;
  /** (rows,) above 0. */
  forward(x: Float64Array, rows: number): Float64Array;
  /** After `forward`: (rows, inputs) gradient by x; valid until the next call, and may be longer. */
  backwardToInput(dOut: Float64Array): Float64Array;
}

export function createStudent(shapes: readonly LayerShape[], random: Random): Student {
  const network = createPerceptron(shapes, 'softplus', 1, random);
  // The network learns the spread divided by this, a range where softplus is neither flat nor far from its initial values.
  let unit = 1;
  const scaled = (values: Float64Array, factor: number) => values.map((value) => value * factor);
  return {
    learn(x, spread, course) {
      const { inputs } = network;
      const room = new Float64Array(BATCH * inputs);
      unit = Math.max(mean(spread), LEAST_UNIT);
      const wanted = scaled(spread, 1 / unit);
      descend(network, spread.length, course, random, (rows) => {
        gather(x, inputs, rows, room);
        network.backward(errors(network.forward(room, rows.length), wanted, rows));
      });
    },
    forward: (x, rows) => scaled(network.forward(x, rows), unit),
    backwardToInput: (dOut) => network.backwardToInput(scaled(dOut, unit)),
  };
}

/** Least unit, because passes that all agree would make it 0. */
const LEAST_UNIT = 1e-6;
