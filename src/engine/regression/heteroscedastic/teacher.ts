// The network whose dropout tells what is not known: where its passes differ, more points would make a difference.
import type { Random } from '../../random.ts';
import { mean, standardDeviation } from '../../statistics.ts';
import type { LayerShape } from './layers.ts';
import { BATCH, type Course, createPerceptron, descend, errors, gather } from './perceptron.ts';

interface Teacher {
  /** y (rows,) in (0, 1). Goes on from what it knows. */
  learn(x: Float64Array, y: Float64Array, course: Course): void;
  /** (rows,) standard deviation of the passes at x (rows, inputs). */
  spread(x: Float64Array, rows: number): Float64Array;
}

/** As published (Tuli et al. 2023), with the share of hidden values that a pass leaves out. */
const [PASSES, DROPOUT] = [10, 0.3];

/** Of the priors' weights: how sharply what is not known may bend. Ours. */
const PRIOR_GAIN = 2;

/** Of the priors in what a pass says, where y spans 0.8. Ours. */
const PRIOR_SHARE = 0.1;

/**
 * Gal and Ghahramani 2016, "Dropout as a Bayesian approximation".
 * Departs from it, since passes with new masks each time differ as much where there are points as anywhere: each pass has
 * masks that are drawn once, so that it is a network of its own which can learn to agree with the others; and each adds a
 * fixed random function to what is learned (Osband et al. 2018, "Randomized prior functions for deep reinforcement
 * learning"), which the points take away again and nothing else does. No logistic end: the sum needs none.
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

  /** What the pass of each row says; borrowed until the next. */
  function say(x: Float64Array, pass: Int32Array): Float64Array {
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
        const found = say(
          room,
          rows.map(() => random.integer(PASSES)),
        );
        network.backward(errors(found, y, rows));
      });
    },
    spread(x, rows) {
      const found = Array.from({ length: PASSES }, (_, pass) =>
        say(x, new Int32Array(rows).fill(pass)),
      );
      return Float64Array.from({ length: rows }, (_, row) =>
        standardDeviation(found.map((values) => values[row] as number)),
      );
    },
  };
}

// The network that learns how much the teacher's passes differ: one pass where the teacher needs ten, and smooth.

export interface Student {
  /** Goes on from what it knows. `spread` (rows,) is what it shall say at x (rows, inputs). */
  learn(x: Float64Array, spread: Float64Array, course: Course): void;
  /** (rows,) above 0. */
  forward(x: Float64Array, rows: number): Float64Array;
  /** After `forward`: (rows, inputs) gradient by x; borrowed, and maybe longer. */
  backwardToInput(dOut: Float64Array): Float64Array;
}

export function createStudent(shapes: readonly LayerShape[], random: Random): Student {
  const network = createPerceptron(shapes, 'softplus', 1, random);
  // What the network learns is the spread over this: where softplus is neither flat nor far from its first values.
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

/** Passes that all agree would leave nothing to divide by. */
const LEAST_UNIT = 1e-6;
