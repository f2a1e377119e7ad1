// Common training code of all baselines: the grid, the scaler, the held-back rows, the calibration and the training card.
import { type ZodType, z } from 'zod';
import type { Detector } from '../../../core/detector.ts';
import { CalibrationError } from '../../../core/errors.ts';
import type { Series } from '../../../core/series.ts';
import { scaledRows, windowStarts } from '../../../detection/windows/gridded.ts';
import { fitScaler, type ScalerKind } from '../../../detection/windows/scaler.ts';
import type { Model, ModelTensor, ScalerState } from '../../../models/model.ts';
import { sealModel } from '../../../models/model-file.ts';
import type { DetectorPlugin } from '../../detector-plugin.ts';
import {
  eventLoopPause,
  type Trainer,
  type TrainingContext,
  type TrainingGrid,
  trainingGrid,
} from '../../training/trainer.ts';
import { trainingCard } from '../../training/training-card.ts';

/** Share of the rows, the newest ones, that is held back for the alert level. */
const HELD_BACK = 0.2;

/** Least number of windows on either side of the split. */
const FEWEST_WINDOWS = 20;

/** All scaled windows of the training rows. */
export interface NormalWindows {
  readonly width: number;
  readonly length: number;
  /** (D,) = T C views, oldest row first. */
  readonly windows: readonly Float32Array[];
}

/** The result of a baseline's training, as its detector reads it. */
export interface Learnt {
  readonly design: Readonly<Record<string, unknown>>;
  readonly tensors: Readonly<Record<string, ModelTensor>>;
}

export interface Baseline<Options> {
  readonly detector: DetectorPlugin;
  readonly options: ZodType<Options>;
  readonly scaler: ScalerKind;
  windowLength(options: Options): number;
  learn(
    normal: NormalWindows,
    options: Options,
    context: TrainingContext,
  ): Learnt | Promise<Learnt>;
}

/** Throws `CalibrationError` if the series is too short or constant. */
export function baselineTrainer<Options>(baseline: Baseline<Options>): Trainer<Options> {
  return {
    kind: baseline.detector.kind,
    options: baseline.options,
    // the newest windows, without overlap with the others, are the fewer
    leastRows: (options) =>
      Math.ceil((FEWEST_WINDOWS - 1 + baseline.windowLength(options)) / HELD_BACK),
    train: (series, options, context) => train(baseline, series, options, context),
  };
}

async function train<Options>(
  baseline: Baseline<Options>,
  series: Series,
  options: Options,
  context: TrainingContext,
): Promise<Model> {
  const startedMs = performance.now();
  const { seed, intervalMs, kernels, progress, signal } = context;
  signal.throwIfAborted();
  const length = baseline.windowLength(options);
  const { scaler, watched, normal, held } = split(baseline.scaler, series, length, context);
  const learnt = await baseline.learn(normal, options, context);
  signal.throwIfAborted();
  progress({ fraction: 0.5, step: 1, steps: 2, loss: 0 });
  const draft: Model = {
    ...learnt,
    id: 'draft',
    kind: baseline.detector.kind,
    channels: series.channels,
    windowLength: length,
    intervalMs,
    scaler,
    ...watched,
    calibration: new Float64Array(0),
    card: await trainingCard({ series, seed, startedMs, finalLosses: [] }),
  };
  const calibration = await scores(baseline.detector.load(draft, kernels), held, context);
  progress({ fraction: 1, step: 2, steps: 2, loss: 0 });
  const card = await trainingCard({ series, seed, startedMs, finalLosses: [] });
  return sealModel({ ...draft, calibration, card });
}

interface Split extends Pick<TrainingGrid, 'watched'> {
  readonly scaler: ScalerState;
  readonly normal: NormalWindows;
  readonly held: NormalWindows;
}

/** The older rows for training and the scaler; the newest rows, without overlap, for the calibration. */
function split(
  kind: ScalerKind,
  series: Series,
  length: number,
  context: Pick<TrainingContext, 'intervalMs' | 'counters'>,
): Split {
  const { grid, watched } = trainingGrid(series, context);
  const width = series.channels.length;
  const rows = Math.ceil(grid.timeMs.length * (1 - HELD_BACK));
  const older = {
    ...grid,
    timeMs: grid.timeMs.subarray(0, rows),
    values: grid.values.subarray(0, rows * width),
  };
  requireMovement(older);
  const scaler = fitScaler(kind, older);
  const scaled = scaledRows(grid, scaler);
  const starts = windowStarts(grid, length);
  const windowsAt = (chosen: Int32Array): NormalWindows => ({
    width,
    length,
    windows: Array.from(chosen, (start) =>
      scaled.subarray(start * width, (start + length) * width),
    ),
  });
  const normal = windowsAt(starts.filter((start) => start + length <= rows));
  const held = windowsAt(starts.filter((start) => start >= rows));
  const fewest = Math.min(normal.windows.length, held.windows.length);
  if (fewest < FEWEST_WINDOWS) {
    throw new CalibrationError(
      `'${series.id}' has ${series.timeMs.length} rows, too few for windows of ${length}: ` +
        `${normal.windows.length} windows for training and ${held.windows.length} for calibration, ` +
        `${FEWEST_WINDOWS} of each are needed: record longer`,
      { code: 'SEN_CAL_TOO_SHORT' },
    );
  }
  return { scaler, watched, normal, held };
}

function requireMovement(series: Series): void {
  const width = series.channels.length;
  const moves = series.values.some(
    (value, i) => i >= width && Number.isFinite(value) && value !== series.values[i - width],
  );
  if (moves) return;
  throw new CalibrationError(
    `all channels of '${series.id}' are constant: record while the device does its usual work`,
    { code: 'SEN_CAL_NOTHING_MOVES' },
  );
}

/** (N,) in time order. */
async function scores(
  detector: Detector,
  { width, length, windows }: NormalWindows,
  { signal }: TrainingContext,
): Promise<Float64Array> {
  const pause = eventLoopPause(signal);
  const values = new Float64Array(windows.length);
  for (const [i, window] of windows.entries()) {
    // Detectors read only the values of a window; time and newest row are for alerts.
    const newest = new Float64Array(width);
    values[i] = detector.score({
      streamId: '',
      endMs: 0,
      length,
      width,
      values: window,
      latest: newest,
      imputed: 0,
    }).value;
    await pause();
  }
  return values;
}

/** Window length of baselines that score a row alone or together with the rows before it. */
export const windowRows = z
  .int()
  .min(1)
  .max(200)
  .default(1)
  .describe('Rows of a window; 1 = each row is scored alone')
  .meta({ unit: 'rows' });

/** At most `most` items, evenly spaced over the training data. */
export function thinned<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)] as T);
}
