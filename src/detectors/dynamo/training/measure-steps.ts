// Measures trained heads on training windows: the surprisal of rows at each step, and the errors of later steps compared
// with those of the first.
//
// Notation   N windows, n steps, C channels, R correlation of the errors of a channel, (n, n)

import { quantile } from '../../../engine/statistics.ts';
import type { ModelTensor } from '../../../models/model.ts';
import type { ForecastRun } from '../../networks/forecast.ts';
import type { UnscaledModel } from '../../scoring/plugin.ts';
import { type WindowTable, windowAt } from '../../scoring/training/window-table.ts';
import { eventLoopPause, type TrainingContext } from '../../training/trainer.ts';
import { DYNAMO, type DynamoDesign, type Guard } from '../design.ts';
import { StepForecast } from '../step-forecast.ts';

/** Upper quantile of errors; the scale of distances uses the same. */
const QUANTILE = 0.99;
/** Least error, in squared units of the normalised rows: smaller ones are rounding errors. */
const LEAST_ERROR = 1e-6;
/** Factor on a measured correlation, so that no step determines another completely. */
const KEPT = 0.95;

/** Surprisals of each window, (N,), see `Spread`. */
export interface Surprisals {
  readonly greatest: Float64Array;
  readonly mean: Float64Array;
}

export interface MeasuredSteps {
  /** One per step. */
  readonly surprisals: readonly Surprisals[];
  /** (N, n, C) */
  readonly errors: Float32Array;
}

export async function measureSteps(
  run: ForecastRun,
  design: DynamoDesign,
  model: UnscaledModel,
  table: WindowTable,
  { kernels, signal }: TrainingContext,
): Promise<MeasuredSteps> {
  const { width, starts } = table;
  const { heads } = design;
  const forecast = new StepForecast(run, design, model, kernels);
  const surprisals = Array.from({ length: heads }, () => ({
    greatest: new Float64Array(starts.length),
    mean: new Float64Array(starts.length),
  }));
  const errors = new Float32Array(starts.length * heads * width);
  const row = new Float32Array(width);
  const pause = eventLoopPause(signal);
  for (let i = 0; i < starts.length; i += 1) {
    const values = windowAt(table, i);
    run.infer(values, run.rows * width);
    forecast.run();
    for (const [step, { greatest, mean }] of surprisals.entries()) {
      const from = (run.rows + step) * width;
      run.norm.normalise(values.subarray(from, from + width), row);
      forecast.spread.compare(row, step);
      greatest[i] = forecast.spread.surprisal;
      mean[i] = forecast.spread.meanSurprisal;
      const means = forecast.meansOf(step);
      const at = (i * heads + step) * width;
      for (let c = 0; c < width; c += 1) {
        errors[at + c] = (row[c] as number) - (means[c] as number);
      }
    }
    await pause();
  }
  return { surprisals, errors };
}

/** One guard per step: the quantile `share` of the surprisals. */
export function guardsOf(
  { surprisals }: Pick<MeasuredSteps, 'surprisals'>,
  share: number,
): Guard[] {
  return surprisals.map(({ greatest, mean }) => ({
    greatest: quantile(greatest, share),
    mean: quantile(mean, share),
  }));
}

/** (n, C): upper squared error of the first step divided by that of each step, at most 1. */
export function discountsOf({ errors }: MeasuredSteps, heads: number, width: number): ModelTensor {
  const cells = heads * width;
  const upper = Array.from({ length: cells }, (_, cell) => {
    const squares = errors.filter((_error, i) => i % cells === cell).map((error) => error ** 2);
    return Math.max(quantile(squares, QUANTILE), LEAST_ERROR);
  });
  const data = Float32Array.from(upper, (own, cell) =>
    Math.min(1, (upper[cell % width] as number) / own),
  );
  return { shape: [heads, width], data };
}

/** (C, n, n): R of each channel. */
export function correlationsOf(
  { errors }: MeasuredSteps,
  heads: number,
  width: number,
): ModelTensor {
  const data = new Float32Array(width * heads * heads);
  const windows = errors.length / (heads * width);
  const sum = (c: number, i: number, j: number): number => {
    let total = 0;
    for (let w = 0; w < windows; w += 1) {
      const at = w * heads * width + c;
      total += (errors[at + i * width] as number) * (errors[at + j * width] as number);
    }
    return total;
  };
  for (let cell = 0; cell < data.length; cell += 1) {
    const [c, i, j] = [
      Math.floor(cell / heads ** 2),
      Math.floor(cell / heads) % heads,
      cell % heads,
    ];
    const scale = Math.sqrt(sum(c, i, i) * sum(c, j, j));
    data[cell] = i === j ? 1 : scale > 0 ? (KEPT * sum(c, i, j)) / scale : 0;
  }
  return { shape: [width, heads, heads], data };
}

/** R of independent errors, for use before R is measured. */
export function independent(heads: number, width: number): Record<string, ModelTensor> {
  const data = Float32Array.from({ length: width * heads ** 2 }, (_, i) =>
    (i % heads ** 2) % (heads + 1) === 0 ? 1 : 0,
  );
  return { [`${DYNAMO}.correlations`]: { shape: [width, heads, heads], data } };
}
