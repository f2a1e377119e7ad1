// Distances of a forecaster that skips work when it is sure: one run tells several rows, and as many of them as its
// confidence admits are measured without another run. A row that surprises is measured anew at once, by a run of its own,
// and so are rows after it until one does not; then the score of an anomaly is the one it always was, when it always was.
// What is measured depends on the rows before, by where the last run was; with `epsB` 1 it does not.
import { WeightsError } from '../../core/errors.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { ForecastRun } from '../networks/forecast-run.ts';
import type { Distances } from '../scoring/distances.ts';
import type { UnscaledModel } from '../scoring/plugin.ts';
import { RowViews } from '../scoring/views.ts';
import { acceptedSteps } from './acceptance.ts';
import { DYNAMO, type DynamoDesign, type Guard } from './design.ts';
import { StepForecast } from './step-forecast.ts';

/** What the work came to. */
export interface DynamoCounts {
  rows: number;
  /** Runs of the encoder. */
  inferences: number;
  /** Of these, because a row was surprising that an earlier run had told. */
  forcedReruns: number;
  /** Steps that were accepted, over all runs. */
  accepted: number;
  /** Mean surprisal of a channel, nats, added over the rows. */
  surprisal: number;
}

export class DynamoDistances implements Distances {
  readonly length: number;
  readonly views: RowViews;
  readonly expected: Float32Array;
  readonly counts: DynamoCounts = {
    rows: 0,
    inferences: 0,
    forcedReruns: 0,
    accepted: 0,
    surprisal: 0,
  };
  readonly #run: ForecastRun;
  readonly #design: DynamoDesign;
  readonly #forecast: StepForecast;
  /** (n, C) what makes an error of a step comparable with one of the first. */
  readonly #discounts: Float32Array;
  readonly #confidenceOf: (steps: number) => number;
  /** (T, C) the newest rows of the last measurement. */
  readonly #seen: Float32Array;
  readonly #normed: Float32Array;
  #accepted = 0;
  #step = 0;

  /** Throws `WeightsError` when the model lacks heads or guards of its design. */
  constructor(run: ForecastRun, design: DynamoDesign, model: UnscaledModel, kernels: Kernels) {
    const width = model.channels.length;
    requireGuards(design, model.id);
    this.length = run.rows + 1;
    this.views = new RowViews(1, width, [0]);
    this.expected = new Float32Array(width);
    this.#run = run;
    this.#design = design;
    this.#forecast = new StepForecast(run, design, model, kernels);
    const { data } = tensorOf(model.tensors, `${DYNAMO}.discounts`, design.heads * width);
    this.#discounts = data;
    this.#confidenceOf = (steps) => this.#forecast.spread.confidence(steps);
    this.#seen = new Float32Array(run.rows * width).fill(Number.NaN);
    this.#normed = new Float32Array(width);
  }

  measure(values: Float32Array, end: number): void {
    const newest = end - this.expected.length;
    const isTold = this.#follows(values, newest) && this.#step + 1 < this.#accepted;
    this.#seen.set(values.subarray(end - this.#seen.length, end));
    this.counts.rows += 1;
    this.#step += 1;
    if (!isTold) this.#infer(values, newest);
    else if (this.#surprises(values, newest)) {
      this.counts.forcedReruns += 1;
      this.#infer(values, newest);
    }
    this.counts.surprisal += this.#forecast.spread.meanSurprisal;
    this.#read(values, newest);
  }

  /** From the rows before the newest. One that surprises even so is no ground to forecast from. */
  #infer(values: Float32Array, newest: number): void {
    this.#run.infer(values, newest);
    this.#forecast.run();
    this.#step = 0;
    this.#accepted = this.#surprises(values, newest)
      ? 1
      : acceptedSteps(this.#design.heads, this.#confidenceOf, this.#design);
    this.counts.inferences += 1;
    this.counts.accepted += this.#accepted;
  }

  #surprises(values: Float32Array, newest: number): boolean {
    this.#run.norm.normalise(values.subarray(newest, newest + this.#normed.length), this.#normed);
    this.#forecast.spread.compare(this.#normed, this.#step);
    const { surprisal, meanSurprisal } = this.#forecast.spread;
    const { greatest, mean } = this.#design.guards[this.#step] as Guard;
    return surprisal > greatest || meanSurprisal > mean;
  }

  #read(values: Float32Array, newest: number): void {
    const width = this.expected.length;
    const means = this.#forecast.meansOf(this.#step);
    for (let c = 0; c < width; c += 1) {
      this.expected[c] = this.#run.norm.restore(means[c] as number, c);
    }
    const { perView } = this.views;
    this.views.read(values.subarray(newest, newest + width), this.expected);
    if (this.#step === 0) return;
    for (let c = 0; c < width; c += 1) {
      perView[c] = (perView[c] as number) * (this.#discounts[this.#step * width + c] as number);
    }
  }

  /** Whether the rows before the newest are those that were seen last. */
  #follows(values: Float32Array, newest: number): boolean {
    const from = newest - this.#seen.length;
    for (let i = this.#seen.length - 1; i >= 0; i -= 1) {
      if (values[from + i] !== this.#seen[i]) return false;
    }
    return true;
  }
}

/** Throws `WeightsError` unless there is a guard for each step. */
function requireGuards({ heads, guards }: DynamoDesign, id: string): void {
  if (guards.length === heads) return;
  throw new WeightsError(
    `model ${id} has ${guards.length} guards for ${heads} heads: train it again`,
  );
}
