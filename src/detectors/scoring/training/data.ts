// What a training reads: the series on its grid, scaled, and cut in a part to fit and a tail held back.
import { CalibrationError } from '../../../core/errors.ts';
import type { Series } from '../../../core/series.ts';
import { type GriddedSeries, scaledRows } from '../../../detection/windows/gridded.ts';
import { fitScaler } from '../../../detection/windows/scaler.ts';
import type { Model, ScalerState } from '../../../models/model.ts';
import type { TrainingContext } from '../../training/trainer.ts';
import { trainingGrid } from '../../training/training-grid.ts';
import { windowTable } from './window-table.ts';

export interface TrainingData {
  /** With counters as rates; `channels` are those of the source. */
  readonly series: GriddedSeries;
  readonly watched: Pick<Model, 'rates'>;
  readonly scaler: ScalerState;
  /** (N, C) scaled. */
  readonly rows: Float32Array;
  /** First row of the held-back tail. */
  readonly cut: number;
  /** Whether there are windows of so many rows to learn from and to set the scale with. */
  admits(length: number): boolean;
}

interface DataNeeds {
  /** Share of the rows that is held back. */
  readonly heldBack: number;
  /** T of the shortest window that will do. */
  readonly shortest: number;
  /** Where scaled values end; absent = where the scaler ends them by itself. */
  readonly clip?: number | undefined;
}

/** Fewer windows to learn from, or to set the scale with, are a recording too short. */
const LEAST = { fitted: 50, heldBack: 20 };
/** Windows that the fitted part holds one after the other: fewer are too little of what a window may look like. */
const LEAST_SEPARATE = 4;

/** Throws `CalibrationError` when the series is too short for the shortest window. */
export function prepare(
  raw: Series,
  { heldBack, shortest, clip }: DataNeeds,
  context: Pick<TrainingContext, 'intervalMs' | 'counters'>,
): TrainingData {
  const { intervalMs } = context;
  const { grid: series, watched } = trainingGrid(raw, context);
  const count = series.timeMs.length;
  const cut = Math.floor(count * (1 - heldBack));
  if (cut < fittedRows(shortest) || count - cut < LEAST.heldBack) {
    const needed = Math.max(fittedRows(shortest) / (1 - heldBack), LEAST.heldBack / heldBack);
    throw new CalibrationError(
      `'${raw.id}' has ${count} rows of ${intervalMs} ms, training needs at least ${Math.ceil(needed)}: record longer`,
    );
  }
  const scaler = fitScaler('standard', series, clip);
  const rows = scaledRows(series, scaler);
  const windows = (length: number, part: readonly [number, number]): number =>
    windowTable({ series, rows }, length, part).starts.length;
  return {
    series,
    watched,
    scaler,
    rows,
    cut,
    admits: (length) =>
      cut >= fittedRows(length) &&
      windows(length, [0, cut]) >= LEAST.fitted &&
      windows(length, [cut, count]) >= LEAST.heldBack,
  };
}

/** Rows that a window needs to be learnt from. */
function fittedRows(length: number): number {
  return Math.max(length + LEAST.fitted, LEAST_SEPARATE * length);
}
