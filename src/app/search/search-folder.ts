// Makes the folder of a search, with all that is known of its devices, so that a resume needs nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { lookUp } from '../../core/registry.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { makeFolder, writeWhole } from '../../io/files/written-file.ts';
import { deviceFacts, isLike } from '../../lab/profiler/device-facts.ts';
import { devices as known } from '../../lab/profiler/devices.ts';
import type { EngineIdentity } from '../../lab/profiler/engine-identity.ts';
import { thisHost } from '../../lab/profiler/host.ts';
import type { Profile } from '../../lab/profiler/profile.ts';
import { timeThisMachine } from '../../lab/profiler/timed-machine.ts';
import { readProfile, writeTimedMachine } from './files.ts';
import { requireFresh } from './journal.ts';
import type { SearchSettings } from './settings.ts';

export interface AskedDevices {
  /** Kinds, as the table of devices names them. */
  readonly devices: readonly string[];
  /** Files. */
  readonly profiles: readonly string[];
  /** Whether the costs of `devices` are measured as the search goes; without it they are modelled. */
  readonly measure: boolean;
  /** The broker of the workers that measure, if any. */
  readonly workers: string | undefined;
}

export interface FolderTools {
  readonly kernels: Kernels;
  readonly engine: EngineIdentity;
  readonly signal: AbortSignal;
  /** Called with warnings. */
  warn(line: string): void;
}

/** The devices of a search that is about to begin. */
export interface DevicePlan {
  readonly devices: SearchSettings['devices'];
  readonly profiles: readonly { readonly kind: string; readonly path: string }[];
  /** Whether costs are modelled, from what this machine is timed at. */
  readonly isModelled: boolean;
}

/**
 * Without any device, this machine is measured. Throws as `readProfile` and `requireHere` do, and `ConfigError` for devices that are
 * unknown or named twice. Writes nothing.
 */
export function planDevices(
  { devices, profiles, measure, workers }: AskedDevices,
  { engine, warn }: Pick<FolderTools, 'engine' | 'warn'>,
): DevicePlan {
  const profiled = profiles.map((path) => ({ path, ...readProfile(path, engine).device }));
  profiled.forEach(requireFileName);
  for (const kind of devices) lookUp(known, kind, 'device');
  const facts = deviceFacts(thisHost);
  const here = facts.kind;
  const none = devices.length + profiled.length === 0;
  const measured = none ? [here] : measure ? devices : [];
  const modelled = none || measure ? [] : devices;
  const strangers = profiled.filter((device) => device.kind === here && !isLike(device, facts));
  for (const device of strangers) warn(strangerLine(device, facts));
  requireDistinct([...profiled.map(({ kind }) => kind), ...measured, ...modelled]);
  requireHere(measured, workers);
  return {
    devices: [
      ...profiled.map(({ kind }) => ({ kind, profile: profileFile(kind), measured: false })),
      ...measured.map((kind) => ({ kind, measured: true })),
      ...modelled.map((kind) => ({ kind, measured: false })),
    ],
    profiles: profiled,
    isModelled: modelled.length > 0,
  };
}

/** The folder is held. Throws as `requireFresh` and `timeThisMachine` do, and `StoreError`. */
export async function makeSearchFolder(
  folder: string,
  { profiles, isModelled }: DevicePlan,
  { kernels, signal }: Pick<FolderTools, 'kernels' | 'signal'>,
): Promise<void> {
  requireFresh(folder);
  makeFolder(join(folder, 'profiles'));
  for (const { path, kind } of profiles) {
    writeWhole(join(folder, profileFile(kind)), readFileSync(path));
  }
  if (isModelled) writeTimedMachine(folder, await timeThisMachine(kernels, thisHost, signal));
}

function strangerLine(
  { path, model, cores }: Profile['device'] & { readonly path: string },
  here: Profile['device'],
): string {
  return `${path} was measured on ${model} with ${cores} cores, this is ${here.model} with ${here.cores}: costs are those of that machine, and nothing is measured here`;
}

/** Of a profile, which may come from elsewhere. Throws `ConfigError` for a kind that is no name of a file. */
function requireFileName({ kind, path }: { readonly kind: string; readonly path: string }): void {
  if (/^\w[\w.-]*$/.test(kind)) return;
  throw new ConfigError(
    `profile ${path} is of the device '${kind}': expected letters, digits, dots and hyphens`,
    { code: 'SEN_CFG_PROFILE_FILE' },
  );
}

/** Devices to be measured. Throws `ConfigError` for one that is not this machine where no worker measures it. */
export function requireHere(kinds: readonly string[], workers: string | undefined): void {
  const here = deviceFacts(thisHost).kind;
  const away = kinds.find((kind) => kind !== here);
  if (workers !== undefined || away === undefined) return;
  throw new ConfigError(
    `this machine is no ${away} but ${here}, and cannot measure for it: name the broker of its workers with --workers, or leave out --measure`,
    { code: 'SEN_CFG_OPTION' },
  );
}

function profileFile(kind: string): string {
  return `profiles/${kind}.json`;
}

function requireDistinct(kinds: readonly string[]): void {
  const twice = kinds.find((kind, i) => kinds.indexOf(kind) < i);
  if (twice === undefined) return;
  throw new ConfigError(`device '${twice}' is named twice: give each one profile, or none`, {
    code: 'SEN_CFG_DEVICE_TWICE',
  });
}
