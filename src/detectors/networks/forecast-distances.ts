// The distance between the newest row and its forecast.
//
// Notation   T rows seen, C channels
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { DynamoDistances } from '../dynamo/distances.ts';
import { type Distances, RowViews, type ScoringPath } from '../scoring/path.ts';
import type { UnscaledModel } from '../scoring/plugin.ts';
import { type Body, type ForecastDesign, ForecastRun } from './forecast.ts';

/** Only the newest row is compared: the forecast already depends on the rows before it. */
const VIEWS = [0];

export class ForecastDistances implements Distances {
  /** T + 1: the input rows and the forecast row. */
  readonly length: number;
  readonly views: RowViews;
  readonly expected: Float32Array;
  readonly #run: ForecastRun;

  constructor(run: ForecastRun, { channels }: Pick<UnscaledModel, 'channels'>) {
    this.length = run.rows + 1;
    this.views = new RowViews(1, channels.length, VIEWS);
    this.expected = new Float32Array(channels.length);
    this.#run = run;
  }

  measure(values: Float32Array, end: number): void {
    const width = this.expected.length;
    const newest = end - width;
    const { norm, output } = this.#run;
    this.#run.infer(values, newest);
    for (let c = 0; c < width; c += 1) this.expected[c] = norm.restore(output[c] as number, c);
    this.views.read(values.subarray(newest, end), this.expected);
  }
}

/** The only path of a forecasting detector. Throws `WeightsError` if the model lacks weights of its design. */
export function forecastPaths(
  name: string,
  body: Body,
  design: ForecastDesign,
  model: UnscaledModel,
  kernels: Kernels,
): readonly ScoringPath[] {
  const run = new ForecastRun(name, body, design, model, kernels);
  const { dynamo } = design;
  const distances =
    dynamo && dynamo.epsB < 1
      ? new DynamoDistances(run, dynamo, model, kernels)
      : new ForecastDistances(run, model);
  return [{ name, distances, views: VIEWS.length, weight: 1 / VIEWS.length }];
}
