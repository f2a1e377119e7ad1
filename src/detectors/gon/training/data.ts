// What the training of a GON reads, and which of its members the series is long enough for.
import { CalibrationError } from '../../../core/errors.ts';
import type { Series } from '../../../core/series.ts';
import { clippedRows } from '../../../detection/windows/gridded.ts';
import { CLIP } from '../../../detection/windows/scaler.ts';
import { prepare, type TrainingData } from '../../scoring/training/data.ts';
import type { TrainingContext } from '../../training/trainer.ts';
import type { MemberDesign } from '../design.ts';
import type { GonOptions, GonTrainingOptions } from './options.ts';

export interface GonData extends TrainingData {
  /** The members asked for, without those too long for the series. */
  readonly members: readonly MemberLength[];
  /** The data as members see them, whose windows end where the scaler ends them by itself. */
  readonly near: TrainingData;
  /** That end; undefined where all rows end there. */
  readonly memberClip: number | undefined;
}

export type MemberLength = Pick<MemberDesign, 'length' | 'levelFree'>;

/** Deviations up to which magnitudes count, far beyond the scaler's own end; their squares are summed in single precision. */
export const FARTHEST = 1e4;

/** A member with more cells would cost more time and room than all the others together. */
const MOST_INPUTS = 2000;

/** Rows end at `clip`. Throws `CalibrationError` when the series is too short for the windows asked for. */
export function prepareGon(
  raw: Series,
  options: GonTrainingOptions,
  context: TrainingContext,
  clip?: number,
): GonData {
  const shortest = Math.min(...options.lengths);
  const data = prepare(raw, { heldBack: options.heldBack, shortest, clip }, context);
  const width = data.series.channels.length;
  const members = membersOf(options).filter(
    ({ length }) => (length === 1 || length * width <= MOST_INPUTS) && data.admits(length),
  );
  if (members.length === 0) {
    throw new CalibrationError(
      `'${raw.id}' has too few unbroken windows of ${shortest} rows, or too many channels (${width}) for them: ` +
        'record longer or without gaps, or add 1 to the lengths',
    );
  }
  if (clip === undefined) return { ...data, members, near: data, memberClip: undefined };
  const near = { ...data, rows: clippedRows(data.rows, CLIP) };
  return { ...data, members, near, memberClip: CLIP };
}

function membersOf({ lengths, shapeLengths }: GonOptions): readonly MemberLength[] {
  return [
    ...lengths.map((length) => ({ length, levelFree: false })),
    ...shapeLengths.map((length) => ({ length, levelFree: true })),
  ];
}
