// Measures the normal range of the distances of each path.

import { quantileOfSorted, sorted } from '../../../engine/statistics.ts';
import type { Model, ModelTensor } from '../../../models/model.ts';
import { eventLoopPause, type TrainingContext } from '../../training/trainer.ts';
import type { Reach, ScoringDesign, Yardstick } from '../design.ts';
import type { ScoringPath } from '../path.ts';
import { channelParts, magnitudeParts } from '../scale.ts';
import { type WindowTable, windowAt } from './window-table.ts';

/** Least spreads, in squared units of the scaler and in parts: smaller differences are rounding errors. */
const LEAST_SPREAD = { channel: 1e-4, view: 1e-6 };
const QUANTILE = 0.99;

export interface MeasuredScales extends Pick<ScoringDesign, 'scales' | 'reaches'> {
  /** Tensors (V, 2, C), `<path>.yardsticks`. */
  readonly yardsticks: Model['tensors'];
}

/** `table` must have windows that training did not use. */
export async function measureScales(
  paths: readonly ScoringPath[],
  table: WindowTable,
  context: TrainingContext,
): Promise<MeasuredScales> {
  const yardsticks: Record<string, ModelTensor> = {};
  const scales: Record<string, Yardstick[]> = {};
  const reaches: Record<string, Reach[]> = {};
  for (const path of paths) {
    const measured = await measure(path, table, context);
    if (path.weight > 0) {
      const tensor = channelYardsticks(measured, path.views, table.width);
      yardsticks[`${path.name}.yardsticks`] = tensor;
      scales[path.name] = viewScales(measured, tensor, table.width);
    }
    if (path.magnitudeWeight) reaches[path.name] = viewReaches(measured, path.views, table.width);
  }
  return { scales, reaches, yardsticks };
}

/** (V, C) distances of one path for each window. */
async function measure(
  { distances }: ScoringPath,
  table: WindowTable,
  context: TrainingContext,
): Promise<readonly Float64Array[]> {
  const pause = eventLoopPause(context.signal);
  const measured: Float64Array[] = [];
  for (let i = 0; i < table.starts.length; i += 1) {
    const values = windowAt(table, i);
    distances.measure(values, values.length);
    measured.push(distances.views.perView.slice());
    await pause();
  }
  return measured;
}

/** (V, 2, C): median and spread of each channel in each view. */
function channelYardsticks(
  measured: readonly Float64Array[],
  views: number,
  width: number,
): ModelTensor {
  const data = new Float32Array(views * 2 * width);
  for (let v = 0; v < views; v += 1) {
    for (let c = 0; c < width; c += 1) {
      const cells = measured.map((row) => row[v * width + c] as number);
      const { median, spread } = yardstickOf(cells, LEAST_SPREAD.channel);
      data[v * 2 * width + c] = median;
      data[(v * 2 + 1) * width + c] = spread;
    }
  }
  return { shape: [views, 2, width], data };
}

function viewScales(
  measured: readonly Float64Array[],
  { shape, data }: ModelTensor,
  width: number,
): Yardstick[] {
  const parts = new Float64Array(width);
  return Array.from({ length: shape[0] as number }, (_, v) => {
    const channels = data.subarray(v * 2 * width, (v + 1) * 2 * width);
    const means = measured.map((row) => channelParts(row, v, channels, parts));
    return yardstickOf(means, LEAST_SPREAD.view);
  });
}

/** The greatest magnitude of each view, and the spread. */
function viewReaches(measured: readonly Float64Array[], views: number, width: number): Reach[] {
  const parts = new Float64Array(width);
  return Array.from({ length: views }, (_, v) => {
    const magnitudes = measured.map((row) => magnitudeParts(row, v, parts));
    const { spread } = yardstickOf(magnitudes, LEAST_SPREAD.channel);
    return { most: magnitudes.reduce((most, magnitude) => Math.max(most, magnitude), 0), spread };
  });
}

function yardstickOf(distances: readonly number[], least: number): Yardstick {
  const ascending = sorted(distances);
  const median = quantileOfSorted(ascending, 0.5);
  return { median, spread: Math.max(quantileOfSorted(ascending, QUANTILE) - median, least) };
}
