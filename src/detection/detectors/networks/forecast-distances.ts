// How far the newest row lies from what was forecast of it.
//
// Notation   T rows seen, C channels
import type { Kernels } from '../../../engine/discriminator-kernels.ts';
import { restoreWeights } from '../../../models/network-weights.ts';
import { InstanceNorm } from '../../instance-norm.ts';
import type { Distances } from '../scoring/distances.ts';
import type { ScoringPath } from '../scoring/path.ts';
import type { UnscaledModel } from '../scoring/plugin.ts';
import { RowViews } from '../scoring/views.ts';
import { type Body, forecastNetwork } from './forecast.ts';
import type { ForecastDesign } from './forecast-design.ts';

/** A row that is forecast is read as it is: what was before it, the forecast has seen. */
const VIEWS = [0];

export class ForecastDistances implements Distances {
  /** T + 1: those that are seen, and the one that is forecast. */
  readonly length: number;
  readonly views: RowViews;
  readonly expected: Float32Array;
  readonly #norm: InstanceNorm;
  readonly #rows: number;
  readonly #input: Float32Array;
  /** (n, C), of which the first row is read. */
  readonly #output: Float32Array;
  readonly #run: () => void;

  /** The weights are named `<name>.…`. Throws `WeightsError` when the model lacks those of its design. */
  constructor(
    name: string,
    body: Body,
    design: ForecastDesign,
    { channels, tensors }: UnscaledModel,
    kernels: Kernels,
  ) {
    const width = channels.length;
    this.length = design.rows + 1;
    this.views = new RowViews(1, width, VIEWS);
    this.expected = new Float32Array(width);
    this.#norm = new InstanceNorm(design.normalisation, width);
    this.#rows = design.rows;
    const { tape, input, output } = forecastNetwork(body, design, width, 1);
    const program = kernels.compile(tape, { outputs: [output] });
    restoreWeights(program.parameters, tensors, name);
    this.#input = program.valuesOf(input);
    this.#output = program.valuesOf(output);
    this.#run = program.forward;
  }

  measure(values: Float32Array, end: number): void {
    const width = this.expected.length;
    const newest = end - width;
    this.#input.set(values.subarray(newest - this.#rows * width, newest));
    this.#norm.apply(this.#input, this.#rows);
    this.#run();
    for (let c = 0; c < width; c += 1) {
      this.expected[c] = this.#norm.restore(this.#output[c] as number, c);
    }
    this.views.read(values.subarray(newest, end), this.expected);
  }
}

/** The only path of a detector that forecasts. Throws `WeightsError` when the model lacks the weights of its design. */
export function forecastPaths(
  name: string,
  body: Body,
  design: ForecastDesign,
  model: UnscaledModel,
  kernels: Kernels,
): readonly ScoringPath[] {
  const distances = new ForecastDistances(name, body, design, model, kernels);
  return [{ name, distances, views: VIEWS.length, weight: 1 / VIEWS.length }];
}
