// Options of a GON and its training data: the members that the series is long enough for.
import { z } from 'zod';
import { CalibrationError } from '../../../core/errors.ts';
import type { Series } from '../../../core/series.ts';
import { clippedRows } from '../../../detection/windows/gridded.ts';
import { CLIP } from '../../../detection/windows/scaler.ts';
import { prepare, scoringOptions, type TrainingData } from '../../scoring/training/data.ts';
import type { TrainingContext } from '../../training/trainer.ts';
import type { MemberDesign } from '../design.ts';

/** Share of the score from magnitudes; see lab/evaluation/NOTES.md for the choice. */
const MAGNITUDE_WEIGHT = 0.1;

/** Longest window of a member, rows. */
export const MOST_LENGTH = 600;

/** Options for the members of a GON and their training. */
export const gonOptions = z.strictObject({
  lengths: z
    .array(z.int().min(1).max(MOST_LENGTH))
    .min(1)
    .default([1, 5, 30])
    .describe(
      'Window lengths of the members; a length is left out if it exceeds a quarter of the recording or there are too many channels',
    )
    .meta({ unit: 'rows' }),
  shapeLengths: z
    .array(z.int().min(2).max(MOST_LENGTH))
    .default([15, 30, 120])
    .describe(
      'Lengths of windows without their level, one further member each; left out by the same rule',
    )
    .meta({ unit: 'rows' }),
  linearLength: z
    .int()
    .min(0)
    .max(MOST_LENGTH)
    .default(15)
    .describe(
      'Window length of the linear member, less with many channels; 0, or a single channel = no linear member',
    )
    .meta({ unit: 'rows' }),
  linearWeight: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Weight of the linear member in the score')
    .meta({ unit: 'share' }),
  magnitudeWeight: z
    .number()
    .min(0)
    .max(0.9)
    .default(MAGNITUDE_WEIGHT)
    .describe(
      'Weight in the score of how far a row lies beyond all normal rows, without scaling each channel; 0, or a single channel = none',
    )
    .meta({ unit: 'share' }),
  hidden: z.int().min(4).max(512).default(32).describe('Units in each hidden layer'),
  steps: z.int().min(1).default(1500).describe('Training steps of each discriminator'),
  batch: z.int().min(4).max(1024).default(128).describe('Real windows per step, and as many fakes'),
  learningRate: z.number().positive().default(1e-3).describe('Step size of Adam'),
  gradientPenalty: z
    .number()
    .nonnegative()
    .default(0.05)
    .describe(
      'Weight of the penalty on the squared gradient at real windows, which keeps the discriminator smooth',
    ),
  memoryWindows: z
    .int()
    .min(1)
    .default(256)
    .describe('Maximum number of remembered normal windows'),
  memoryKb: z
    .number()
    .positive()
    .default(350)
    .describe('Maximum size of the remembered windows at work, 4 bytes a number')
    .meta({ unit: 'kB' }),
  memoryPrecision: z
    .enum(['half', 'single'])
    .default('half')
    .describe(
      'Precision of the remembered windows: a model file has 2 or 4 bytes a number of them',
    ),
  recSteps: z
    .int()
    .min(0)
    .default(10)
    .describe(
      'Ascent steps from the observed window; 0 = no such path, and no member with one row',
    ),
  memSteps: z
    .int()
    .min(0)
    .default(0)
    .describe(
      'Ascent steps from the nearest remembered window; 0 = the window is used as it is, and windows of more than five rows need no discriminator',
    ),
  anchorWeight: z
    .number()
    .nonnegative()
    .default(10)
    .describe(
      'Strength with which the observed window attracts an ascent that starts at a remembered window',
    ),
});

/** Training options of the detector of that name. */
export const gonTrainingOptions = gonOptions.extend(scoringOptions);

export type GonOptions = z.infer<typeof gonOptions>;
export type GonTrainingOptions = z.infer<typeof gonTrainingOptions>;

export interface GonData extends TrainingData {
  /** The members of the options, without those too long for the series. */
  readonly members: readonly MemberLength[];
  /** The data of the members, clipped at the scaler's usual limit. */
  readonly near: TrainingData;
  /** That limit; undefined if all rows have it. */
  readonly memberClip: number | undefined;
}

export type MemberLength = Pick<MemberDesign, 'length' | 'levelFree'>;

/**
 * Clip limit for magnitudes, deviations: far beyond the scaler's limit, but small enough for sums of squares in single
 * precision.
 */
export const FARTHEST = 1e4;

/** Cells of a member's window at most: a larger member takes more time and memory than all others together. */
const MOST_INPUTS = 2000;

/** T of the shortest member. */
export function shortestOf({ lengths }: Pick<GonOptions, 'lengths'>): number {
  return Math.min(...lengths);
}

/** Rows are clipped at `clip`. Throws `CalibrationError` if the series is too short for all window lengths. */
export function prepareGon(
  raw: Series,
  options: GonTrainingOptions,
  context: TrainingContext,
  clip?: number,
): GonData {
  const shortest = shortestOf(options);
  const data = prepare(raw, { heldBack: options.heldBack, shortest, clip }, context);
  const width = data.series.channels.length;
  const members = membersOf(options).filter(
    ({ length }) => (length === 1 || length * width <= MOST_INPUTS) && data.admits(length),
  );
  if (members.length === 0) {
    throw new CalibrationError(
      `'${raw.id}' has too few unbroken windows of ${shortest} rows, or too many channels (${width}) for them: ` +
        'record longer or without gaps, or add 1 to the lengths',
      { code: 'SEN_CAL_TOO_SHORT' },
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
