// A profile: the measurements of a device, how they were made, and the regressors that predict the rest. A readable JSON file.
import { renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError, DeviceError } from '../../core/errors.ts';
import { conditionsSchema } from './conditions.ts';
import { type Design, VIEWS } from './designs.ts';
import { type EngineIdentity, engineSchema } from './engine-identity.ts';
import { profiledNetworkSchema } from './network.ts';
import { opTimingSchema } from './op-table.ts';
import { isDisturbed, isSlowed } from './timing.ts';

export const PROFILE_FORMAT = 'sentigon-profile/1';

const energySchema = z.strictObject({
  /** One inference, joules: all that the meter saw, and the part above idle power. */
  totalJ: z.number().positive(),
  aboveIdleJ: z.number(),
  peakPowerW: z.number().positive(),
  /** Number of readings of the meter. */
  samples: z.int().positive(),
});

const measurementSchema = z.strictObject({
  network: profiledNetworkSchema,
  /** Coordinates of the design in its space; absent without a space. */
  coordinates: z.array(z.number()).optional(),
  /** Of single inferences, seconds. */
  p50S: z.number().positive(),
  p95S: z.number().positive(),
  runs: z.int().positive(),
  /** Time of a fixed piece of work during the measurement, seconds: equal for all, unless other work slowed some. */
  yardstickS: z.number().positive().optional(),
  /** Bytes of weights and values in the engine. */
  memoryBytes: z.int().positive(),
  /** Resident memory of the whole process after the measurement. */
  rssBytes: z.int().positive(),
  /** Absent without a meter. */
  energy: energySchema.optional(),
  conditions: conditionsSchema,
});

const contenderSchema = z.strictObject({
  features: z.enum(VIEWS),
  regressor: z.string(),
  mape: z.number().nonnegative(),
  mse: z.number().nonnegative(),
});

const meterSchema = z.strictObject({
  kind: z.string(),
  id: z.string(),
  /** The part of the device's power that it measures. */
  covers: z.string(),
  /** Mean before the first measurement. */
  idlePowerW: z.number().nonnegative(),
  /** Why the meter was lost. */
  lost: z.string().optional(),
});

/** Quantities that a profile predicts. */
export const TARGETS = ['p50S', 'p95S', 'energyJ', 'peakPowerW'] as const;

export type Target = (typeof TARGETS)[number];

const profileSchema = z.strictObject({
  format: z.literal(PROFILE_FORMAT),
  device: z.strictObject({
    /** Kind in the table of devices, or the architecture. */
    kind: z.string().min(1),
    /** Model name that the machine reports. */
    model: z.string(),
    cores: z.int().positive(),
    memoryBytes: z.int().positive(),
    node: z.string(),
    os: z.string(),
  }),
  engine: engineSchema,
  measuredAt: z.iso.datetime(),
  seed: z.int().nonnegative(),
  meter: meterSchema.optional(),
  measurements: z.array(measurementSchema).min(1),
  /** Timings of single operations. */
  ops: z.array(opTimingSchema),
  /** Whether the error became small enough before the designs, or the time, ran out. */
  converged: z.boolean(),
  /** By quantity: all combinations tried, best first, with the error on held-out designs. */
  regressors: z.partialRecord(z.enum(TARGETS), z.array(contenderSchema).min(1)),
});

export type Profile = z.infer<typeof profileSchema>;
export type Measurement = Profile['measurements'][number];
export type ProfiledMeter = NonNullable<Profile['meter']>;

/** Value of a measurement for a target; undefined if it has none, e.g. energy without a meter. */
export function measuredValue(
  target: Target,
  { p50S, p95S, energy }: Measurement,
): number | undefined {
  switch (target) {
    case 'p50S':
      return p50S;
    case 'p95S':
      return p95S;
    case 'energyJ':
      return energy?.totalJ;
    case 'peakPowerW':
      return energy?.peakPowerW;
  }
}

/** Atomic: writes a file beside it, then renames. */
export function writeProfile(path: string, profile: Profile): void {
  const beside = `${path}.part`;
  writeFileSync(beside, `${JSON.stringify(profile, undefined, 1)}\n`);
  renameSync(beside, path);
}

/**
 * Reads the profile in `path`. Throws `ConfigError` if it is not a profile, and `DeviceError` if it was measured with another
 * engine.
 */
export function parseProfile(text: string, path: string, engine: EngineIdentity): Profile {
  const parsed = profileSchema.safeParse(jsonOf(text, path));
  if (!parsed.success) {
    const { path: place = [], message = '' } = parsed.error.issues[0] ?? {};
    throw new ConfigError(
      `${path} is not a profile (${[place.join('.'), message].filter(Boolean).join(': ')}): run \`sentigon profile\` again`,
      { code: 'SEN_CFG_PROFILE_FILE' },
    );
  }
  requireEngine(path, parsed.data.engine, engine);
  return parsed.data;
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const [reason] = (cause as Error).message.split('\n');
    throw new ConfigError(`${path} cannot be read as a profile: ${reason}`, {
      code: 'SEN_CFG_PROFILE_FILE',
      cause,
    });
  }
}

function requireEngine(path: string, found: EngineIdentity, expected: EngineIdentity): void {
  const [was, is] = [nameOf(found), nameOf(expected)];
  if (was === is) return;
  throw new DeviceError(
    `${path} was measured with engine ${was}, this is ${is}: run \`sentigon profile\` again on that device`,
    { code: 'SEN_DEV_PROFILE_ENGINE' },
  );
}

function nameOf({ version, kernels, build }: EngineIdentity): string {
  return `${version} (${kernels}, kernels ${build})`;
}

/** A predicted value. Both uncertainties are standard deviations, in the unit of the mean. */
export interface Estimate {
  readonly mean: number;
  readonly aleatoric: number;
  readonly epistemic: number;
  /** Source of a value that comes from a model and not from measurements on such a device. */
  readonly modelled?: string;
}

/** Predictions for one inference; absent = the profile has no data for it. */
export type Predicted = { readonly [T in Target]?: Estimate } & {
  /** Bytes of weights and values in the engine: counted, not predicted. */
  readonly memoryBytes: number;
};

export interface Predictor {
  /** One prediction a design. Throws `ConfigError` for designs without the coordinates that the profile was fitted on. */
  predict(designs: readonly Design[]): readonly Predicted[];
}

/** Measurements that other work on the machine disturbed: some of their runs, or all of them compared with the others. */
export function disturbedOf(measurements: readonly Measurement[]): readonly Measurement[] {
  const looks = measurements.flatMap(({ yardstickS }) => yardstickS ?? []);
  const leastS = Math.min(...looks);
  return measurements.filter((one) => isDisturbed(one) || isSlowed(one.yardstickS ?? 0, leastS));
}
