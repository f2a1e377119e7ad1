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
}

export interface FolderTools {
  readonly kernels: Kernels;
  readonly engine: EngineIdentity;
  readonly signal: AbortSignal;
  /** Called with warnings. */
  warn(line: string): void;
}

/** Without any device, this machine is measured. Throws as `readProfile`, `timeThisMachine` and `requireFresh` do. */
export async function makeSearchFolder(
  folder: string,
  { devices, profiles, measure }: AskedDevices,
  { kernels, engine, signal, warn }: FolderTools,
): Promise<SearchSettings['devices']> {
  requireFresh(folder);
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
  makeFolder(join(folder, 'profiles'));
  for (const { path, kind } of profiled) {
    writeWhole(join(folder, profileFile(kind)), readFileSync(path));
  }
  if (modelled.length > 0) {
    writeTimedMachine(folder, await timeThisMachine(kernels, thisHost, signal));
  }
  return [
    ...profiled.map(({ kind }) => ({ kind, profile: profileFile(kind), measured: false })),
    ...measured.map((kind) => ({ kind, measured: true })),
    ...modelled.map((kind) => ({ kind, measured: false })),
  ];
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
