// What the training of a GON reads: the series on its grid, scaled, and cut in a part to fit and a tail held back.
import { CalibrationError } from '../../../core/errors.ts';
import type { Series } from '../../../core/series.ts';
import type { MemberDesign } from '../../../detection/detectors/gon/design.ts';
import { type GriddedSeries, gridded, scaledRows } from '../../../detection/windows/gridded.ts';
import { fitScaler } from '../../../detection/windows/scaler.ts';
import type { ScalerState } from '../../../models/model.ts';
import type { TrainingContext } from '../../trainer.ts';
import type { GonTrainingOptions } from './options.ts';
import { windowTable } from './window-table.ts';

/** What a training reads: the scaled rows and where the held-back tail begins. */
export interface TrainingData {
  readonly series: GriddedSeries;
  readonly scaler: ScalerState;
  /** (N, C) scaled. */
  readonly rows: Float32Array;
  /** First row of the held-back tail. */
  readonly cut: number;
  /** The members asked for, without those too long for the series. */
  readonly members: readonly MemberLength[];
  /** Whether there are windows of so many rows to learn from and to set the scale with. */
  admits(length: number): boolean;
}

export type MemberLength = Pick<MemberDesign, 'length' | 'levelFree'>;

/** Fewer windows to learn from, or to set the scale with, are a recording too short. */
const LEAST = { fitted: 50, heldBack: 20 };
/** Windows that the fitted part holds one after the other: fewer are too little of what a window may look like. */
const LEAST_SEPARATE = 4;
/** A member with more cells would cost more time and room than all the others together. */
const MOST_INPUTS = 2000;

/** Throws `CalibrationError` when the series is too short for the windows asked for. */
export function prepare(
  raw: Series,
  options: GonTrainingOptions,
  context: TrainingContext,
): TrainingData {
  const series = gridded(raw, context.intervalMs);
  const [count, width] = [series.timeMs.length, series.channels.length];
  const cut = Math.floor(count * (1 - options.heldBack));
  const shortest = Math.min(...options.lengths);
  if (cut < fittedRows(shortest) || count - cut < LEAST.heldBack) {
    const needed = Math.max(
      fittedRows(shortest) / (1 - options.heldBack),
      LEAST.heldBack / options.heldBack,
    );
    throw new CalibrationError(
      `'${raw.id}' has ${count} rows of ${context.intervalMs} ms, training needs at least ${Math.ceil(needed)}: record longer`,
    );
  }
  const scaler = fitScaler('standard', series);
  const rows = scaledRows(series, scaler);
  const windows = (length: number, part: readonly [number, number]): number =>
    windowTable({ series, rows }, length, part).starts.length;
  const admits = (length: number): boolean =>
    cut >= fittedRows(length) &&
    windows(length, [0, cut]) >= LEAST.fitted &&
    windows(length, [cut, count]) >= LEAST.heldBack;
  const members = membersOf(options).filter(
    ({ length }) => (length === 1 || length * width <= MOST_INPUTS) && admits(length),
  );
  if (members.length === 0) {
    throw new CalibrationError(
      `'${raw.id}' has too few unbroken windows of ${shortest} rows, or too many channels (${width}) for them: ` +
        'record longer or without gaps, or add 1 to the lengths',
    );
  }
  return { series, scaler, rows, cut, members, admits };
}

function membersOf({ lengths, shapeLengths }: GonTrainingOptions): readonly MemberLength[] {
  return [
    ...lengths.map((length) => ({ length, levelFree: false })),
    ...shapeLengths.map((length) => ({ length, levelFree: true })),
  ];
}

/** Rows that a member needs to learn from. */
function fittedRows(length: number): number {
  return Math.max(length + LEAST.fitted, LEAST_SEPARATE * length);
}
