// Puts the distances of a freshly trained GON on one scale, and collects the scores a threshold is fitted to. Both come
// from the tail that training did not see.
import { CalibrationError } from '../../core/errors.ts';
import { gon as gonDetector } from '../../detection/detectors/gon.ts';
import {
  type GonDesign,
  longestOf,
  type MemberDesign,
  type Yardstick,
} from '../../detection/detectors/gon-design.ts';
import { type MemberPath, memoryOf, pathsOf } from '../../detection/detectors/gon-paths.ts';
import { channelParts } from '../../detection/detectors/gon-scale.ts';
import { quantileOfSorted, sorted } from '../../engine/statistics.ts';
import type { Model, ModelTensor } from '../../models/model.ts';
import type { TrainingContext } from '../trainer.ts';
import { breather } from './breath.ts';
import type { TrainingData } from './gon-data.ts';
import type { TrainedMembers } from './gon-members.ts';
import type { GonTrainingOptions } from './gon-options.ts';
import { type WindowTable, windowAt, windowTable } from './window-table.ts';

/** Members up to this many rows take the path `rec`: D's own way back from a longer window spreads over all its rows. */
const REC_UP_TO = 5;
/** The recent rows of a member of T rows count by a half-life of T over this. */
const HALF_LIVES = 4;
/** A held score is dropped after so many of its half-lives. */
const HOLD_HALF_LIVES = 1.5;
/** Longer windows are not waited for when a stream begins. */
const LEAST_ROWS = 30;
/** Below these, in squared units of the scaler and in parts, differences are rounding. */
const LEAST_SPREAD = { channel: 1e-4, view: 1e-6 };
const QUANTILE = 0.99;

type Calibrated = Pick<Model, 'design' | 'tensors' | 'calibration' | 'windowLength'>;

export async function calibrate(
  trained: TrainedMembers,
  data: TrainingData,
  options: GonTrainingOptions,
  context: TrainingContext,
): Promise<Calibrated> {
  const members = trained.members.map((member) => ({ ...member, paths: pathsFor(member) }));
  const longest = longestOf({ members });
  const leastRows = Math.min(longest, LEAST_ROWS);
  const hold = holdFor(longest, data.cut - longest, options);
  const draft = { ...trained.design, hold, leastRows, members };
  const tail = [data.cut, data.series.timeMs.length] as const;
  const scaled = await scaleDistances(
    draft,
    trained.parts,
    windowTable(data, longest, tail),
    context,
  );
  const parts = { ...trained.parts, ...scaled, windowLength: longest + hold.rows - 1 };
  const table = windowTable(data, parts.windowLength, tail);
  return {
    ...scaled,
    windowLength: parts.windowLength,
    calibration: await scoreTail(parts, table, context),
  };
}

/** No longer than `room` rows, so that the held-back part has windows to set the level with. */
function holdFor(
  longest: number,
  room: number,
  { holdHalfLife, holdWeight }: GonTrainingOptions,
): GonDesign['hold'] {
  const rows = Math.min(Math.ceil(HOLD_HALF_LIVES * holdHalfLife * longest), room);
  return {
    rows: Math.max(1, rows),
    halfLife: Math.max(1, holdHalfLife * longest),
    weight: holdWeight,
  };
}

function pathsFor({ length, levelFree }: Omit<MemberDesign, 'paths'>): MemberDesign['paths'] {
  // A scale of its own is measured for each; until then distances count as they are.
  const view = (halfLife: number) => ({ halfLife, scale: { median: 0, spread: 1 } });
  const views = length === 1 ? [view(0)] : [view(0), view(length / HALF_LIVES)];
  return [
    ...(length <= REC_UP_TO && !levelFree
      ? [{ route: 'rec' as const, views: views.slice(-1) }]
      : []),
    ...(length > 1 ? [{ route: 'mem' as const, views }] : []),
  ];
}

async function scaleDistances(
  design: GonDesign,
  parts: TrainedMembers['parts'],
  table: WindowTable,
  context: TrainingContext,
): Promise<Pick<Calibrated, 'design' | 'tensors'>> {
  requireWindows(table);
  const width = parts.channels.length;
  const memory = memoryOf(parts, design, context.kernels);
  const tensors: Record<string, ModelTensor> = { ...parts.tensors };
  const members: MemberDesign[] = [];
  for (const member of design.members) {
    const paths: MemberDesign['paths'] = [];
    for (const [i, path] of pathsOf(member, design, parts, memory, context.kernels).entries()) {
      const measured = await measure(path, table, context);
      const yardsticks = channelYardsticks(measured, path.scales.length, width);
      tensors[`${path.name}.yardsticks`] = yardsticks;
      const { route, views } = member.paths[i] as MemberDesign['paths'][number];
      const scales = viewScales(measured, yardsticks, width);
      paths.push({
        route,
        views: views.map((view, v) => ({ ...view, scale: scales[v] as Yardstick })),
      });
    }
    members.push({ ...member, paths });
  }
  return { design: { ...design, members }, tensors };
}

/** Row by row, (V, C) distances of one path. */
async function measure(
  path: MemberPath,
  table: WindowTable,
  context: TrainingContext,
): Promise<readonly Float64Array[]> {
  const breathe = breather(context.signal);
  const measured: Float64Array[] = [];
  for (let i = 0; i < table.starts.length; i += 1) {
    const values = windowAt(table, i);
    path.distances.measure(values, values.length);
    measured.push(path.distances.perView.slice());
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

/** Through the detector itself, so that thresholds are fitted to what it will say. */
async function scoreTail(
  parts: Omit<Model, 'id' | 'calibration' | 'card'>,
  table: WindowTable,
  context: TrainingContext,
): Promise<Float64Array> {
  requireWindows(table);
  const card = {
    dataId: '',
    dataHash: '',
    rows: 0,
    seed: 0,
    durationS: 0,
    finalLosses: [],
    version: '',
  };
  const model = { ...parts, id: 'in training', calibration: new Float64Array(0), card };
  const detector = gonDetector.load(model, context.kernels);
  const breathe = breather(context.signal);
  const scores = new Float64Array(table.starts.length);
  const { length, width } = table;
  const window = {
    streamId: '',
    endMs: 0,
    length,
    width,
    latest: new Float64Array(width),
    imputed: 0,
  };
  for (let i = 0; i < scores.length; i += 1) {
    scores[i] = detector.score({ ...window, values: windowAt(table, i) }).value;
    await breathe();
  }
  return scores;
}

function requireWindows(table: WindowTable): void {
  if (table.starts.length > 0) return;
  throw new CalibrationError(
    `no unbroken window of ${table.length} rows ends in the held-back part: record longer or without gaps`,
  );
}
