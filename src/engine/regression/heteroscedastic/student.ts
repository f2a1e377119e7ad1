// The network that learns how much the teacher's passes differ: one pass where the teacher needs ten, and smooth.
import type { Random } from '../../random.ts';
import { mean } from '../../statistics.ts';
import { BATCH, type Course, descend, gather } from './descend.ts';
import type { LayerShape } from './layer-shape.ts';
import { createPerceptron } from './perceptron.ts';
import { errors } from './squared-error.ts';

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
