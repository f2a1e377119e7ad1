import { z } from 'zod';
import { scoringOptions } from '../../scoring/training/options.ts';

/** Share of the score that magnitudes get; NOTES.md has what it was chosen by. */
const MAGNITUDE_WEIGHT = 0.1;

/** Longest window of a member, rows. */
export const MOST_LENGTH = 600;

/** The members of a GON and how they are trained. */
export const gonOptions = z.strictObject({
  lengths: z
    .array(z.int().min(1).max(MOST_LENGTH))
    .min(1)
    .default([1, 5, 30])
    .describe(
      'Window lengths of the members; left out where a quarter of the recording is shorter or the channels are too many',
    )
    .meta({ unit: 'rows' }),
  shapeLengths: z
    .array(z.int().min(2).max(MOST_LENGTH))
    .default([15, 30, 120])
    .describe(
      'Lengths of windows that are seen without their level, one more member each; left out likewise',
    )
    .meta({ unit: 'rows' }),
  linearLength: z
    .int()
    .min(0)
    .max(MOST_LENGTH)
    .default(15)
    .describe(
      'Window length of the linear member, less where the channels are too many; 0, or one channel = no such member',
    )
    .meta({ unit: 'rows' }),
  linearWeight: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("Share of the score that is the linear member's")
    .meta({ unit: 'share' }),
  magnitudeWeight: z
    .number()
    .min(0)
    .max(0.9)
    .default(MAGNITUDE_WEIGHT)
    .describe(
      'Share of the score that goes by how far a row lies beyond all normal ones, no channel put on a scale of its own; 0, or one channel = none',
    )
    .meta({ unit: 'share' }),
  hidden: z.int().min(4).max(512).default(32).describe('Units in each hidden layer'),
  steps: z.int().min(1).default(1500).describe('Training steps of each discriminator'),
  batch: z.int().min(4).max(1024).default(128).describe('Real windows, and as many fakes, a step'),
  learningRate: z.number().positive().default(1e-3).describe('Step size of Adam'),
  gradientPenalty: z
    .number()
    .nonnegative()
    .default(0.05)
    .describe(
      'Weight of the squared gradient at real windows, which keeps D from becoming a cliff',
    ),
  memoryWindows: z
    .int()
    .min(1)
    .default(256)
    .describe('Normal windows that are remembered, at most'),
  memoryKb: z
    .number()
    .positive()
    .default(350)
    .describe('Room for remembered windows')
    .meta({ unit: 'kB' }),
  recSteps: z
    .int()
    .min(0)
    .default(10)
    .describe('Ascent steps from the observed window; 0 = no such path, and no member of one row'),
  memSteps: z
    .int()
    .min(0)
    .default(0)
    .describe(
      'Ascent steps from the nearest remembered window; 0 = it is taken as it is, and windows of more than five rows need no discriminator',
    ),
  anchorWeight: z
    .number()
    .nonnegative()
    .default(10)
    .describe('Pull of the observed window on an ascent that starts at a remembered one'),
});

/** How the detector of that name is trained. */
export const gonTrainingOptions = gonOptions.extend(scoringOptions);

export type GonOptions = z.infer<typeof gonOptions>;
export type GonTrainingOptions = z.infer<typeof gonTrainingOptions>;
