// Measures the scales of a freshly trained GON: where the distances of each path ordinarily lie.
import type { GonDesign, Yardstick } from '../../../detection/detectors/gon/design.ts';
import { type GonPath, pathsOf } from '../../../detection/detectors/gon/paths.ts';
import { channelParts } from '../../../detection/detectors/gon/scale.ts';
import { quantileOfSorted, sorted } from '../../../engine/statistics.ts';
import type { Model, ModelTensor } from '../../../models/model.ts';
import type { TrainingContext } from '../../trainer.ts';
import { breather } from '../breath.ts';
import { type WindowTable, windowAt } from './window-table.ts';

/** Below these, in squared units of the scaler and in parts, differences are rounding. */
const LEAST_SPREAD = { channel: 1e-4, view: 1e-6 };
const QUANTILE = 0.99;

type Parts = Pick<Model, 'channels' | 'tensors'>;

export interface ScaledGon {
  readonly design: GonDesign;
  readonly tensors: Model['tensors'];
}

/** On windows that training did not see. */
export async function scaleDistances(
  design: Omit<GonDesign, 'scales'>,
  parts: Parts,
  table: WindowTable,
  context: TrainingContext,
): Promise<ScaledGon> {
  const width = parts.channels.length;
  const tensors: Record<string, ModelTensor> = { ...parts.tensors };
  const scales: Record<string, Yardstick[]> = {};
  for (const path of pathsOf(design, parts, context.kernels)) {
    const measured = await measure(path, table, context);
    const yardsticks = channelYardsticks(measured, path.views, width);
    tensors[`${path.name}.yardsticks`] = yardsticks;
    scales[path.name] = viewScales(measured, yardsticks, width);
  }
  return { design: { ...design, scales }, tensors };
}

/** Row by row, (V, C) distances of one path. */
async function measure(
  { distances }: GonPath,
  table: WindowTable,
  context: TrainingContext,
): Promise<readonly Float64Array[]> {
  const breathe = breather(context.signal);
  const measured: Float64Array[] = [];
  for (let i = 0; i < table.starts.length; i += 1) {
    const values = windowAt(table, i);
    distances.measure(values, values.length);
    measured.push(distances.views.perView.slice());
    await breathe();
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

function yardstickOf(distances: readonly number[], least: number): Yardstick {
  const ascending = sorted(distances);
  const median = quantileOfSorted(ascending, 0.5);
  return { median, spread: Math.max(quantileOfSorted(ascending, QUANTILE) - median, least) };
}
