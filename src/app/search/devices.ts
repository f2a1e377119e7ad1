// The devices of a search, and what is known of costs on them before anything is evaluated.
import { join } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { lookUp } from '../../core/registry.ts';
import { extent } from '../../engine/statistics.ts';
import { devices as known } from '../../lab/profiler/devices.ts';
import type { EngineIdentity } from '../../lab/profiler/engine-identity.ts';
import { modelledPredictor } from '../../lab/profiler/modelled-device.ts';
import type { ProfiledNetwork } from '../../lab/profiler/network.ts';
import { predictorOf } from '../../lab/profiler/predictor.ts';
import type { Predicted, Predictor, Profile } from '../../lab/profiler/profile.ts';
import { regressors } from '../../lab/profiler/regressors.ts';
import type { Accelerator } from '../../lab/simulator/accelerator.ts';
import { type NetworkFamily, networkFamilies, type Trait } from '../../models/network-family.ts';
import type { Costs } from './costs.ts';
import { readProfile, readTimedMachine } from './files.ts';
import type { SearchSettings } from './settings.ts';

export interface SearchDevice {
  readonly kind: string;
  /** How its costs are known. */
  readonly source: 'profile' | 'modelled' | 'measured' | 'simulated';
  /** Where it is simulated. */
  readonly accelerator?: Accelerator;
  /** Where there is one. */
  readonly profile?: Profile;
  /** One a network; absent where they are measured when a network is evaluated. */
  readonly costsOf?: (networks: readonly ProfiledNetwork[]) => readonly Costs[];
  /** Throws `ConfigError` for networks that are unlike all that were measured; absent where none were. */
  readonly requireReach?: (networks: readonly ProfiledNetwork[]) => void;
}

/**
 * From the files in the folder of a search. Throws `ConfigError` for a device that there is not and for a profile that is
 * invalid or predicts too little, `DeviceError` for one of another engine.
 */
export function searchDevices(
  asked: SearchSettings['devices'],
  folder: string,
  engine: EngineIdentity,
): readonly SearchDevice[] {
  return asked.map(({ kind, profile, measured }) => {
    if (measured) return { kind, source: 'measured' };
    if (profile !== undefined) {
      const path = join(folder, profile);
      const found = readProfile(path, engine);
      const measurements = found.measurements.map(({ network }) => network);
      return {
        profile: found,
        ...{ kind, source: 'profile', costsOf: costsFrom(predictorOf(found, regressors), path) },
        requireReach: (networks) => requireWithinReach(path, measurements, networks),
      };
    }
    const device = lookUp(known, kind, 'device');
    const predictor = modelledPredictor(device, readTimedMachine(folder));
    return { kind, source: 'modelled', costsOf: costsFrom(predictor, kind) };
  });
}

function costsFrom({ predict }: Predictor, name: string): SearchDevice['costsOf'] & {} {
  return (networks) =>
    predict(networks.map((network) => ({ network }))).map((one) => costsOf(one, name));
}

/** The median replaces the 95th percentile where a profile does not predict it. */
function costsOf(
  { p50S, p95S = p50S, energyJ, peakPowerW, memoryBytes }: Predicted,
  name: string,
): Costs {
  if (!p50S || !p95S) {
    throw new ConfigError(`${name} holds no latency: run \`sentigon profile\` for longer`, {
      code: 'SEN_CFG_PROFILE_GAPS',
    });
  }
  return {
    p50S: p50S.mean,
    p95S: Math.max(p50S.mean, p95S.mean), // fitted apart from each other, they may cross
    energyJ: energyJ?.mean,
    peakPowerW: peakPowerW?.mean,
    memoryBytes,
    modelled: Object.entries({
      latency: p50S,
      energy: energyJ,
      'peak power': peakPowerW,
    }).flatMap(([what, estimate]) => (estimate?.modelled === undefined ? [] : what)),
  };
}

/** Throws `ConfigError`, in one line, where a network lies outside of what was measured. `path` is for the message. */
function requireWithinReach(
  path: string,
  measured: readonly ProfiledNetwork[],
  networks: readonly ProfiledNetwork[],
): void {
  const gap = gapIn(measured, networks);
  if (gap === undefined) return;
  throw new ConfigError(
    `${path} ${gap}: profile that device again with the --family, the --space and the --channels of this search`,
    { code: 'SEN_CFG_PROFILE_GAPS' },
  );
}

/** What of the networks lies outside of what was measured, as the end of a sentence; undefined = nothing. */
export function gapIn(
  measured: readonly ProfiledNetwork[],
  networks: readonly ProfiledNetwork[],
): string | undefined {
  for (const family of networkFamilies.values()) {
    const own = (list: readonly ProfiledNetwork[]) =>
      list.filter(({ point }) => family.owns(point));
    const gap = gapInFamily(family, own(measured), own(networks));
    if (gap !== undefined) return gap;
  }
  return undefined;
}

function gapInFamily(
  family: NetworkFamily,
  measured: readonly ProfiledNetwork[],
  networks: readonly ProfiledNetwork[],
): string | undefined {
  if (networks.length === 0) return undefined;
  if (measured.length === 0) return `holds no networks of the family ${family.kind}`;
  const [known, asked] = [traitsOf(family, measured), traitsOf(family, networks)];
  for (const [what, names] of asked.names) {
    const seen = known.names.get(what) ?? new Set();
    const strange = [...names].find((one) => !seen.has(one));
    if (strange !== undefined) return uncovered(`${what} ${strange}`, [...seen].join(', '));
  }
  for (const [what, sizes] of asked.sizes) {
    const [least, most] = extent([...(known.sizes.get(what) ?? [])]);
    const strange = [...sizes].find((one) => one < least || one > most);
    if (strange !== undefined) return uncovered(`${what} ${strange}`, `${least} to ${most}`);
  }
  return undefined;
}

/** All values of each trait; between names there is nothing. */
function traitsOf(family: NetworkFamily, networks: readonly ProfiledNetwork[]) {
  const names = new Map<string, Set<string>>();
  const sizes = new Map<string, Set<number>>();
  for (const { point, rows, patch, width } of networks) {
    const own = family.traits(point);
    collect(names, [{ what: 'windows of rows/patch', values: [`${rows}/${patch}`] }, ...own.names]);
    collect(sizes, [{ what: 'channels', values: [width] }, ...own.sizes]);
  }
  return { names, sizes };
}

function collect<Value>(into: Map<string, Set<Value>>, traits: readonly Trait<Value>[]): void {
  for (const { what, values } of traits) {
    const known = into.get(what) ?? new Set();
    into.set(what, known);
    for (const value of values) known.add(value);
  }
}

function uncovered(found: string, known: string): string {
  return `does not cover ${found}, only ${known}`;
}
