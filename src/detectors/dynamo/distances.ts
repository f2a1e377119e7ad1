// Distances of a forecaster that skips runs when it is confident: one run forecasts several rows, and the rows up to its
// confidence are measured without another run. A surprising row gets a run of its own, and so do the rows after it until
// one is not surprising, so anomalies get the same scores as with a run per row. Unless `epsB` is 1, distances depend on
// the row of the last run.
import { WeightsError } from '../../core/errors.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { ForecastRun } from '../networks/forecast.ts';
import { type Distances, RowViews } from '../scoring/path.ts';
import type { UnscaledModel } from '../scoring/plugin.ts';
import { DYNAMO, type DynamoDesign, type Guard } from './design.ts';
import { StepForecast } from './step-forecast.ts';

/** Counts of runs and rows. */
interface DynamoCounts {
  rows: number;
  /** Runs of the encoder. */
  inferences: number;
  /** Runs because a row was surprising that an earlier run had forecast. */
  forcedReruns: number;
  /** Accepted steps over all runs. */
  accepted: number;
  /** Sum over the rows of the mean surprisal of a channel, nats. */
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
  /** (n, C) factors that make errors of a step comparable with those of the first. */
  readonly #discounts: Float32Array;
  readonly #confidenceOf: (steps: number) => number;
  /** (T, C) the newest rows of the last measurement. */
  readonly #seen: Float32Array;
  readonly #normed: Float32Array;
  #accepted = 0;
  #step = 0;

  /** Throws `WeightsError` if the model lacks heads or guards of its design. */
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
    const isForecast = this.#follows(values, newest) && this.#step + 1 < this.#accepted;
    this.#seen.set(values.subarray(end - this.#seen.length, end));
    this.counts.rows += 1;
    this.#step += 1;
    if (!isForecast) this.#infer(values, newest);
    else if (this.#surprises(values, newest)) {
      this.counts.forcedReruns += 1;
      this.#infer(values, newest);
    }
    this.counts.surprisal += this.#forecast.spread.meanSurprisal;
    this.#read(values, newest);
  }

  /** Runs the forecaster on the rows before the newest. If the newest row is surprising, no further step is accepted. */
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

  /** Whether the rows before the newest are the rows of the last measurement. */
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
    { code: 'SEN_WGT_DESIGN' },
  );
}

interface AcceptanceOptions {
  /** eps_b, 0 to 1: 0 always accepts all steps, 1 always one. */
  readonly epsB: number;
  /** Confidences below eps_b count as 0, as published, instead of those below eps_b^(n-1). */
  readonly literal: boolean;
}

/**
 * The number of steps of a forecast to use: the largest n with a confidence above eps_b^(n-1), at least 1. `confidenceOf`
 * returns numbers above 0 and at most 1, and is called only as often as needed. Tuli et al. 2024, "DynaMo", sec. 3.2.2 and
 * Alg. 1.
 *
 * Departs from DynaMo: the limit below which confidences count as 0 is eps_b^(n-1) instead of eps_b, because the test
 * against eps_b^(n-1) would otherwise have no effect.
 */
export function acceptedSteps(
  most: number,
  confidenceOf: (steps: number) => number,
  { epsB, literal }: AcceptanceOptions,
): number {
  if (epsB === 0) return most;
  if (epsB === 1) return 1;
  for (let n = most; n > 1; n -= 1) {
    const confidence = confidenceOf(n);
    if (literal && confidence < epsB) continue;
    if (confidence > epsB ** (n - 1)) return n;
  }
  return 1;
}
