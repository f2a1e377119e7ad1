// The designs of `forecaster` and `cnn` models.
import { z } from 'zod';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { lastRows } from '../../engine/ops/columns.ts';
import { Tape } from '../../engine/tape/tape.ts';
import { reshape, type Tensor } from '../../engine/tape/tensor.ts';
import { convolve } from '../../models/cnn.ts';
import { cnnPointSchema } from '../../models/cnn-design.ts';
import { designPointSchema } from '../../models/design-point.ts';
import { encode } from '../../models/encoder.ts';
import { project } from '../../models/layers.ts';
import { familyOf, type NetworkDesign } from '../../models/network-family.ts';
import { restoreWeights } from '../../models/network-weights.ts';
import { pruningSchema, requireOperands, trainingSharesSchema } from '../../models/pruning.ts';
import { dynamoDesign } from '../dynamo/design.ts';
import { InstanceNorm, normalisation } from '../normalisation.ts';
import type { UnscaledModel } from '../scoring/plugin.ts';

const forecast = {
  /** T, input rows. */
  rows: z.int().positive(),
  /** n, forecast rows. */
  horizon: z.int().positive(),
  normalisation,
  /** Heads for further steps, and the rule for using their forecasts instead of another run. */
  dynamo: dynamoDesign.optional(),
  /** What the network leaves out of its products; not the heads of `dynamo`. */
  pruning: pruningSchema.optional(),
  /** Shares that its training multiplied, if it left some out. */
  trained: trainingSharesSchema.optional(),
};

export const forecasterDesign = z.object({
  forecaster: z.object({
    point: designPointSchema,
    /** p, rows of a patch; divides T. */
    patch: z.int().positive(),
    ...forecast,
  }),
});

export const cnnDesign = z.object({ cnn: z.object({ point: cnnPointSchema, ...forecast }) });

export type ForecasterDesign = z.infer<typeof forecasterDesign>['forecaster'];
export type CnnDesign = z.infer<typeof cnnDesign>['cnn'];
export type ForecastDesign = Pick<CnnDesign, keyof typeof forecast>;

// The forecasting network: a body reads the rows of a window, and a head on its newest vector forecasts the next rows.
//
// Notation   B batch, T rows seen, C channels, n rows forecast

/** Maps (B, T, C) to vectors in time order; the last one represents the newest rows. Adds its weights to the tape. */
export type Body = (tape: Tape, x: Tensor) => Tensor;

export function encoderBody({ point, patch }: Pick<ForecasterDesign, 'point' | 'patch'>): Body {
  return (tape, x) => encode(tape, point, x, { patch });
}

export function cnnBody({ point }: Pick<CnnDesign, 'point'>): Body {
  return (tape, x) => convolve(tape, point, x);
}

/** Of a design of any family. */
export function bodyOf({
  point,
  patch,
}: {
  readonly point: NetworkDesign;
  readonly patch: number;
}): Body {
  return (tape, x) => familyOf(point).record(tape, point, x, { patch });
}

export interface ForecastNetwork {
  readonly tape: Tape;
  /** (B, T, C) */
  readonly input: Tensor;
  /** (B, 1, h): the body's newest vector, the only input of the heads. */
  readonly stem: Tensor;
  /** (B, n, C): forecast mean of each channel in each of the next rows. */
  readonly output: Tensor;
}

/** Throws `ConfigError` if the body does not support this number of rows, `WeightsError` for a threshold of no operand. */
export function forecastNetwork(
  body: Body,
  { rows, horizon, pruning }: Pick<ForecastDesign, 'rows' | 'horizon' | 'pruning'>,
  width: number,
  batch: number,
): ForecastNetwork {
  const tape = new Tape({ pruning });
  const input = tape.input([batch, rows, width]);
  const stem = lastRows(tape, body(tape, input), 1);
  const forecast = project(tape, stem, horizon * width, 'forecast');
  requireOperands(tape);
  return { tape, input, stem, output: reshape(forecast, [batch, horizon, width]) };
}

// Runs a trained forecaster.
//
// Notation   T rows seen, C channels, n rows forecast, h width of the body

export class ForecastRun {
  /** T. */
  readonly rows: number;
  /** Normalisation of the rows of the last run. */
  readonly norm: InstanceNorm;
  /** `output` (n, C) is normalised, `stem` is (h,). Both are valid until the next run. */
  readonly output: Float32Array;
  readonly stem: Float32Array;
  readonly #input: Float32Array;
  readonly #forward: () => void;

  /** The weights are named `<name>.…`. Throws `WeightsError` if the model lacks weights of its design. */
  constructor(
    name: string,
    body: Body,
    design: ForecastDesign,
    { channels, tensors }: UnscaledModel,
    kernels: Kernels,
  ) {
    const width = channels.length;
    this.rows = design.rows;
    this.norm = new InstanceNorm(design.normalisation, width);
    const { tape, input, stem, output } = forecastNetwork(body, design, width, 1);
    const program = kernels.compile(tape, { outputs: [stem, output] });
    restoreWeights(program.parameters, tensors, name);
    this.#input = program.valuesOf(input);
    this.output = program.valuesOf(output);
    this.stem = program.valuesOf(stem);
    this.#forward = program.forward;
  }

  /** Reads the T rows of `values` that end before the cell `newest`. */
  infer(values: Float32Array, newest: number): void {
    this.#input.set(values.subarray(newest - this.#input.length, newest));
    this.norm.apply(this.#input, this.rows);
    this.#forward();
  }
}
