// All settings of a search: given on the command line, and saved for a resume.
import { z } from 'zod';
import { cnnSpaceSchema } from '../../lab/search/cnn-space/space.ts';
import { spaceSchema } from '../../lab/search/design-space/space.ts';
import { acceleratorSpaceSchema } from '../../lab/simulator/space.ts';

const positive = z.number().positive();

/** Upper bounds of one inference and of the network; absent = none. */
export const limitsSchema = z.strictObject({
  /** Of the 95th percentile, seconds. */
  latencyS: positive.optional(),
  energyJ: positive.optional(),
  peakPowerW: positive.optional(),
  memoryBytes: positive.optional(),
  /** Of an accelerator. */
  areaMm2: positive.optional(),
  leakageJ: positive.optional(),
});

/** What a front may be sought in. */
export const OBJECTIVES = [
  ...(['accuracy', 'latency', 'energy', 'peakPower', 'memory'] as const),
  ...(['leakage', 'area'] as const),
] as const;

export type ObjectiveName = (typeof OBJECTIVES)[number];

const weight = z.number().nonnegative();

/** How much each counts in the performance. Tuli and Jha 2024, "EdgeTran": 0.5, 0.2, 0.2, 0.1. */
export const weightsSchema = z
  .strictObject({
    accuracy: weight.default(0.5),
    latency: weight.default(0.2),
    energy: weight.default(0.2),
    peakPower: weight.default(0.1),
    leakage: weight.default(0),
    area: weight.default(0),
  })
  .refine((weights) => Object.values(weights).some((value) => value > 0), {
    message: 'one must be above 0',
  });

/** Where the costs of a device come from. */
const deviceSchema = z.strictObject({
  kind: z.string(),
  /** A file in the folder of the search; absent = modelled from the table of devices. */
  profile: z.string().optional(),
  /** Measured anew for each network that is evaluated, here or by a worker. */
  measured: z.boolean().default(false),
});

const open = z.record(z.string(), z.unknown());

export const settingsSchema = z.strictObject({
  data: z.string().describe('As on the command line'),
  dataRoot: z.string().optional(),
  /** One of encoders names no family. */
  space: z.union([cnnSpaceSchema, spaceSchema]),
  /** Designs that are drawn of a space that is too large to be listed. */
  library: z.int().min(10).default(2000),
  /** A space that is too large to be listed is searched from coarse to fine. */
  levelled: z.boolean().default(false),
  embedding: z.string(),
  devices: z.array(deviceSchema).min(1),
  /** Networks are searched together with accelerators of this space, in place of the devices. */
  accelerators: z
    .strictObject({
      space: acceleratorSpaceSchema,
      mode: z.enum(['inference', 'training']),
      /** Windows of training that time and energy are of; absent = one window. */
      epoch: z.int().positive().optional(),
    })
    .optional(),
  method: z.string(),
  methodOptions: open.default({}),
  /** Options of the forecaster for an evaluation. */
  training: open.default({}),
  /** Trainings of an evaluation. */
  seeds: z.int().min(1).max(10).default(1),
  seed: z.int().nonnegative().default(1),
  budget: z.int().min(1),
  /** Evaluations under way at once. */
  parallel: z.int().min(1).default(1),
  limits: limitsSchema.default({}),
  weights: weightsSchema.prefault({}),
  /** Of the front that is sought; absent = one number is sought, by the weights. */
  objectives: z
    .array(z.enum(OBJECTIVES))
    .min(2, 'a front has at least two; for one number, give --weights')
    .refine((names) => new Set(names).size === names.length, { message: 'one is named twice' })
    .readonly()
    .optional(),
  /** What is made of the chosen network, and its training steps. */
  detector: z.enum(['forecaster', 'ensemble', 'cnn']).default('forecaster'),
  finalSteps: z.int().min(1),
});

export type SearchSettings = z.infer<typeof settingsSchema>;
export type Limits = z.infer<typeof limitsSchema>;
export type Weights = z.infer<typeof weightsSchema>;
