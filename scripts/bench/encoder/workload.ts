// What is timed: an encoder that reproduces windows, a vector a row, from the same weights and inputs for every engine.
import type { Kernels } from '../../../src/engine/discriminator-kernels.ts';
import { meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { createRandom, type Random } from '../../../src/engine/random.ts';
import type { MultiplicationCounter } from '../../../src/engine/tape/counting.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { DesignPoint } from '../../../src/models/design-point.ts';
import { encode } from '../../../src/models/encoder.ts';
import { initialiseNetwork, project } from '../../../src/models/layers.ts';

export const ROWS = 32;
export const CHANNELS = 8;
export const HIDDEN = 32;
export const HEADS = 2;
export const FEED_FORWARD = 64;
export const LAYERS = 2;
export const BATCH = 64;
export const LEARNING_RATE = 1e-3;
/** PyTorch's, which our own layer norm has too. */
export const EPSILON = 1e-5;

const head = { op: 'attention', form: 'scaled' } as const;
const design: DesignPoint = {
  layers: Array.from({ length: LAYERS }, () => ({
    hidden: HIDDEN,
    heads: Array.from({ length: HEADS }, () => head),
    feedForward: [FEED_FORWARD],
  })),
};

export interface NamedValues {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Single precision, so that all engines start from the same numbers. */
export interface EncoderStart {
  readonly weights: readonly NamedValues[];
  /** (BATCH, ROWS, CHANNELS) each. */
  readonly input: Float32Array;
  readonly target: Float32Array;
}

/** The network for `batch` windows on a tape. */
export function network(batch: number, pruning?: Tape['pruning']) {
  const tape = new Tape({ pruning });
  const input = tape.input([batch, ROWS, CHANNELS]);
  const output = project(tape, encode(tape, design, input, { patch: 1 }), CHANNELS, 'output');
  const target = tape.input(output.shape);
  return { tape, input, output, target };
}

export function trainable(
  kernels: Kernels,
  {
    pruning,
    counter,
  }: { pruning?: Tape['pruning'] | undefined; counter?: MultiplicationCounter | undefined } = {},
) {
  const { tape, input, output, target } = network(BATCH, pruning);
  const loss = meanSquaredError(tape, output, target);
  const program = kernels.compile(tape, { loss, ...(counter && { counter }) });
  return { program, input, target, loss };
}

export function createEncoderStart(kernels: Kernels): EncoderStart {
  const random = createRandom(1);
  const { parameters } = trainable(kernels).program;
  initialiseNetwork(parameters, random);
  return {
    weights: parameters.map(({ name, shape, values }) => ({ name, shape, values: values.slice() })),
    input: windows(random),
    target: windows(random),
  };
}

function windows(random: Random): Float32Array {
  return Float32Array.from({ length: BATCH * ROWS * CHANNELS }, () => random.normal());
}
