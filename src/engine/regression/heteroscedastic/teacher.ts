// The network whose dropout tells what is not known: where its passes differ, more points would make a difference.
import type { Random } from '../../random.ts';
import { standardDeviation } from '../../statistics.ts';
import { BATCH, type Course, descend, gather } from './descend.ts';
import type { LayerShape } from './layer-shape.ts';
import { createPerceptron } from './perceptron.ts';
import { errors } from './squared-error.ts';

export interface Teacher {
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
