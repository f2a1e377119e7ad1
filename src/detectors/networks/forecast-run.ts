// A trained forecaster that runs: the rows before one in, what it makes of them out.
//
// Notation   T rows seen, C channels, n rows forecast, h width of the body
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { restoreWeights } from '../../models/network-weights.ts';
import { InstanceNorm } from '../instance-norm.ts';
import type { UnscaledModel } from '../scoring/plugin.ts';
import { type Body, forecastNetwork } from './forecast.ts';
import type { ForecastDesign } from './forecast-design.ts';

export class ForecastRun {
  /** T. */
  readonly rows: number;
  /** Of the rows it saw last. */
  readonly norm: InstanceNorm;
  /** (n, C) normalised, (h,): valid until the next run. */
  readonly output: Float32Array;
  readonly stem: Float32Array;
  readonly #input: Float32Array;
  readonly #forward: () => void;

  /** The weights are named `<name>.…`. Throws `WeightsError` when the model lacks those of its design. */
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
