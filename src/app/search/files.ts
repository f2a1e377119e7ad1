// Files beside a search: its space, the profiles of its devices, and what this machine was timed at.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ConfigError, SourceError } from '../../core/errors.ts';
import { lookUp } from '../../core/registry.ts';
import { readWholeText, whyUnread } from '../../io/files/whole-file.ts';
import { writeWhole } from '../../io/files/written-file.ts';
import type { EngineIdentity } from '../../lab/profiler/engine-identity.ts';
import type { TimedMachine } from '../../lab/profiler/modelled-device.ts';
import { type Profile, parseProfile } from '../../lab/profiler/profile.ts';
import { type AnyFamily, families, type NetworkSpace } from '../../lab/search/families/index.ts';
import type { SearchSettings } from './settings.ts';

/**
 * A named space of a family, or a JSON file that writes one out. Throws `ConfigError` for neither, for an empty space, and for a
 * file of another family.
 */
export function spaceFrom(given: string, family: string): NetworkSpace {
  const own = lookUp(families, family, 'family');
  if (!given.endsWith('.json')) return own.readSpace(given);
  const read = parsed(given);
  requireFamily(read, own, given);
  return own.readSpace(read);
}

/** A space without a family is of encoders. */
function requireFamily(read: unknown, { kind }: AnyFamily, path: string): void {
  const named = typeof read === 'object' && read !== null && 'family' in read;
  const found = named ? String(read.family) : 'encoder';
  if (found === kind) return;
  throw new ConfigError(
    `${path} is a space of the family ${found}, expected ${kind}: give --family ${found}, or another file`,
    { code: 'SEN_CFG_DESIGN_SPACE' },
  );
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readWholeText(path));
  } catch (cause) {
    throw new ConfigError(`${path} is no design space (${whyUnread(cause)})`, {
      code: 'SEN_CFG_DESIGN_SPACE',
      cause,
    });
  }
}

/** Throws `ConfigError` for a file that cannot be read, and as `parseProfile`. */
export function readProfile(path: string, engine: EngineIdentity): Profile {
  return parseProfile(profileText(path), path, engine);
}

function profileText(path: string): string {
  try {
    return readWholeText(path);
  } catch (cause) {
    throw new ConfigError(`profile ${path} ${whyUnread(cause)}: make one with sentigon profile`, {
      code: 'SEN_CFG_PROFILE_FILE',
      cause,
    });
  }
}

/** Hash of the profiles of these devices in the folder of a search. Throws `ConfigError` for one that cannot be read. */
export function profilesKey(folder: string, devices: SearchSettings['devices']): string {
  const hash = createHash('sha256');
  for (const { profile } of devices) {
    if (profile !== undefined) hash.update(profileText(join(folder, profile)));
  }
  return hash.digest('hex').slice(0, 12);
}

const FILE = 'machine.json';

export function writeTimedMachine(folder: string, machine: TimedMachine): void {
  writeWhole(join(folder, FILE), `${JSON.stringify(machine)}\n`);
}

/** Throws `SourceError` where it is missing or broken. */
export function readTimedMachine(folder: string): TimedMachine {
  const path = join(folder, FILE);
  try {
    return JSON.parse(readWholeText(path)) as TimedMachine; // our own file
  } catch (cause) {
    throw new SourceError(`${path} cannot be read: start a new search`, {
      code: 'SEN_SRC_SEARCH_FOLDER',
      cause,
    });
  }
}
