// Networks of every operation, trained for a few steps: what their weights come to is the same on every processor.
import {
  type Body,
  cnnBody,
  encoderBody,
  forecastNetwork,
} from '../../../src/detectors/networks/forecast.ts';
import type { Kernels } from '../../../src/engine/discriminator-kernels.ts';
import { meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { adamw } from '../../../src/engine/optimisers/adam.ts';
import { createRandom } from '../../../src/engine/random.ts';
import type { CnnCell } from '../../../src/models/cnn-design.ts';
import type { Operation } from '../../../src/models/cnn-ops.ts';
import { HEADS } from '../../../src/models/design-point.ts';
import { initialiseNetwork } from '../../../src/models/layers.ts';

const [ROWS, WIDTH, BATCH, STEPS] = [32, 5, 8, 20];

/** All heads side by side, then a narrower layer. */
const encoder = encoderBody({
  patch: 2,
  point: {
    layers: [
      { hidden: 56, heads: [...HEADS], feedForward: [48, 32] },
      { hidden: 24, heads: HEADS.slice(0, 2), feedForward: [40] },
    ],
  },
});

const wide: Operation[] = [3, 5, 9].map((kernel) => ({ op: 'convolution', kernel }) as Operation);
const others: Operation[] = [
  { op: 'dilated' },
  { op: 'separable' },
  { op: 'pool', of: 'max' },
  { op: 'pool', of: 'mean' },
];

/** All operations, those of a cell side by side. */
const convolutions = cnnBody({ point: { cells: [cellOf(wide, 'relu'), cellOf(others, 'silu')] } });

export const encoderTrained = (simd: Kernels) => trained(encoder, simd);
export const convolutionsTrained = (simd: Kernels) => trained(convolutions, simd);

function trained(body: Body, simd: Kernels): Float32Array {
  const { tape, input, output } = forecastNetwork(body, { rows: ROWS, horizon: 1 }, WIDTH, BATCH);
  const target = tape.input(output.shape);
  const program = simd.compile(tape, { loss: meanSquaredError(tape, output, target) });
  initialiseNetwork(program.parameters, createRandom(105));
  const optimiser = adamw(program, { weightDecay: 0.01 });
  const random = createRandom(106);
  for (let step = 0; step < STEPS; step++) {
    for (const tensor of [input, target]) {
      const values = program.valuesOf(tensor);
      for (let i = 0; i < values.length; i++) values[i] = random.normal();
    }
    program.forward();
    program.backward();
    optimiser.step(1e-3);
  }
  return program.weights;
}

function cellOf(operations: readonly Operation[], activation: CnnCell['activation']): CnnCell {
  const vertices = operations.map((operation) => ({ operation, inputs: [0] }));
  return { channels: 12, activation, vertices, output: [0, ...vertices.map((_, i) => i + 1)] };
}
