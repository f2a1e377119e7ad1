// A profile: what was measured on a device, with what, and what tells the rest. A JSON file that people may read.
import { renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError, DeviceError } from '../../core/errors.ts';
import { conditionsSchema } from './conditions.ts';
import { VIEWS } from './designs.ts';
import { type EngineIdentity, engineSchema } from './engine-identity.ts';
import { profiledNetworkSchema } from './network.ts';
import { opTimingSchema } from './op-table.ts';

export const PROFILE_FORMAT = 'sentigon-profile/1';

const energySchema = z.strictObject({
  /** One inference, joules: all that the meter saw, and what is above the idle power. */
  totalJ: z.number().positive(),
  aboveIdleJ: z.number(),
  peakPowerW: z.number().positive(),
  /** Readings of the meter. */
  samples: z.int().positive(),
});

const measurementSchema = z.strictObject({
  network: profiledNetworkSchema,
  /** Where the design lies in the space it was taken from; absent where it is of none. */
  coordinates: z.array(z.number()).optional(),
  /** Of single inferences, seconds. */
  p50S: z.number().positive(),
  p95S: z.number().positive(),
  runs: z.int().positive(),
  /** What a fixed piece of work took meanwhile, seconds: the same for all, unless other work slowed some of them. */
  yardstickS: z.number().positive().optional(),
  /** Of weights and values in the engine. */
  memoryBytes: z.int().positive(),
  /** Resident memory of the whole process when it was done. */
  rssBytes: z.int().positive(),
  /** Absent where no meter was read. */
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
  /** What of the device's power it sees. */
  covers: z.string(),
  /** Mean before anything was measured. */
  idlePowerW: z.number().nonnegative(),
  /** Why it was not read to the end. */
  lost: z.string().optional(),
});

/** What a profile tells of any design. */
export const TARGETS = ['p50S', 'p95S', 'energyJ', 'peakPowerW'] as const;

export type Target = (typeof TARGETS)[number];

export const profileSchema = z.strictObject({
  format: z.literal(PROFILE_FORMAT),
  device: z.strictObject({
    /** Of the table of devices, where it is one of those. */
    kind: z.string().min(1),
    /** As the machine calls itself. */
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
  /** Operations by themselves. */
  ops: z.array(opTimingSchema),
  /** Whether the error was small enough before the designs, or the time, ran out. */
  converged: z.boolean(),
  /** By quantity: all that was tried, best first, with its error on designs held out. */
  regressors: z.partialRecord(z.enum(TARGETS), z.array(contenderSchema).min(1)),
});

export type Profile = z.infer<typeof profileSchema>;
export type Measurement = Profile['measurements'][number];
export type ProfiledMeter = NonNullable<Profile['meter']>;

/** What each measurement says of a target; undefined where it says nothing, e.g. of energy without a meter. */
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

/** Whole or not at all. */
export function writeProfile(path: string, profile: Profile): void {
  const beside = `${path}.part`;
  writeFileSync(beside, `${JSON.stringify(profile, undefined, 1)}\n`);
  renameSync(beside, path);
}

/**
 * What `path` holds. Throws `ConfigError` for a text that is no profile, in one line, and `DeviceError` for one that was
 * measured with another engine.
 */
export function parseProfile(text: string, path: string, engine: EngineIdentity): Profile {
  const parsed = profileSchema.safeParse(jsonOf(text, path));
  if (!parsed.success) {
    const { path: place = [], message = '' } = parsed.error.issues[0] ?? {};
    throw new ConfigError(
      `${path} is no profile (${[place.join('.'), message].filter(Boolean).join(': ')}): run \`sentigon profile\` again`,
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
    throw new ConfigError(`${path} cannot be read as a profile: ${reason}`, { cause });
  }
}

function requireEngine(path: string, found: EngineIdentity, expected: EngineIdentity): void {
  const [was, is] = [nameOf(found), nameOf(expected)];
  if (was === is) return;
  throw new DeviceError(
    `${path} was measured with engine ${was}, this is ${is}: run \`sentigon profile\` again on that device`,
  );
}

function nameOf({ version, kernels, build }: EngineIdentity): string {
  return `${version} (${kernels}, kernels ${build})`;
}
