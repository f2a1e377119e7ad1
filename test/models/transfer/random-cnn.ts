// Convolutional networks with random weights, and what they compute.
import { cnnBody, forecastNetwork } from '../../../src/detectors/networks/forecast.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { createRandom } from '../../../src/engine/random.ts';
import type { CnnPoint } from '../../../src/models/cnn-design.ts';
import type { ModelTensor } from '../../../src/models/model.ts';

const kernels = await loadKernels();

export const SHAPE = { rows: 32, width: 3 };

interface RandomCnn {
  readonly seed: number;
  /** May replace the weights of some tensors. */
  readonly of?: (name: string) => number | undefined;
  /** Instead of random ones. */
  readonly tensors?: Readonly<Record<string, ModelTensor>>;
}

export function randomCnn(point: CnnPoint, { seed, of, tensors: given }: RandomCnn) {
  const { tape, input, output } = forecastNetwork(
    cnnBody({ point }),
    { ...SHAPE, horizon: 1 },
    SHAPE.width,
    1,
  );
  const program = kernels.compile(tape, { outputs: [output] });
  const random = createRandom(seed);
  for (const { name, values } of program.parameters) {
    for (const i of values.keys()) {
      values[i] = given?.[name]?.data[i] ?? of?.(name) ?? random.normal();
    }
  }
  const tensorsNow = (): Record<string, ModelTensor> =>
    Object.fromEntries(
      program.parameters.map(({ name, shape, values }) => [
        name,
        { shape, data: Float32Array.from(values) },
      ]),
    );
  return {
    point,
    /** Those that it began with. */
    tensors: tensorsNow(),
    weights: program.parameters,
    tensorsNow,
    /** For one random window, always the same. */
    scored(): Float32Array {
      const own = createRandom(9);
      const cells = program.valuesOf(input);
      for (const i of cells.keys()) cells[i] = own.normal();
      program.forward();
      return Float32Array.from(program.valuesOf(output));
    },
  };
}
