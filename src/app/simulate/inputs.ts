// What a simulation reads: the network, the accelerator, real windows, and the device of a profile beside it.
import { ConfigError } from '../../core/errors.ts';
import { readDesign } from '../../detectors/detector-plugin.ts';
import { cnnDesign, forecasterDesign } from '../../detectors/networks/forecast.ts';
import { readWholeText, whyUnread } from '../../io/files/whole-file.ts';
import type { EngineIdentity } from '../../lab/profiler/engine-identity.ts';
import { profiledNetworkSchema } from '../../lab/profiler/network.ts';
import { predictorOf } from '../../lab/profiler/predictor.ts';
import { regressors } from '../../lab/profiler/regressors.ts';
import { type Accelerator, parseAccelerator, presets } from '../../lab/simulator/accelerator.ts';
import { windowsOf, zerosOfModel } from '../../lab/simulator/model-zeros.ts';
import {
  networkOfDesign,
  networkOfModel,
  type SimulatedNetwork,
} from '../../lab/simulator/networks.ts';
import { acceleratorSpaces, namedAccelerator } from '../../lab/simulator/presets/index.ts';
import { vectorCount } from '../../lab/simulator/presets/vectors.ts';
import { type AcceleratorSpace, parseSpace, spaceSize } from '../../lab/simulator/space.ts';
import { type Shares, Zeros } from '../../lab/simulator/zeros.ts';
import { loadEngine } from '../../models/load-engine.ts';
import type { Model } from '../../models/model.ts';
import { readModel } from '../models/model-folder.ts';
import { gapIn } from '../search/devices.ts';
import { readProfile } from '../search/files.ts';
import { readSearchData } from '../search/search-data.ts';
import { grouped } from '../search/search-text.ts';
import { measuredIn } from './processor.ts';

/** For the help text. */
export const ACCELERATORS = [
  ...presets.keys(),
  ...[...acceleratorSpaces].flatMap(([name, { space, vectors }]) => [
    `${name}:<n> of ${grouped(spaceSize(space))}`,
    ...(vectors
      ? [`${name}:<${vectors.places.length} numbers> of ${grouped(vectorCount(vectors))}`]
      : []),
  ]),
  'or a .json file',
].join(', ');

/** For the help text. */
export const SPACES = `${[...acceleratorSpaces].map(([name, { space }]) => `${name} (${grouped(spaceSize(space))})`).join(', ')}, or a .json file`;

/** Throws `ConfigError` for what is no space of accelerators. */
export function acceleratorSpace(given: string): AcceleratorSpace {
  const known = acceleratorSpaces.get(given);
  if (known) return known.space;
  if (given.endsWith('.json')) return parseSpace(text(given, 'space'), given);
  throw new ConfigError(`the space of accelerators ${given} is unknown: expected ${SPACES}`, {
    code: 'SEN_CFG_ACCELERATOR',
  });
}

/** Throws `ConfigError` for what is no accelerator. `snap`: take the nearest vector of the space. */
export function accelerator(given: string, snap: boolean): Accelerator {
  const named = namedAccelerator(given, snap);
  if (named) return named;
  if (given.endsWith('.json')) return parseAccelerator(text(given, 'accelerator'), given);
  throw new ConfigError(`the accelerator ${given} is unknown: expected ${ACCELERATORS}`, {
    code: 'SEN_CFG_ACCELERATOR',
  });
}

function text(path: string, what: string): string {
  try {
    return readWholeText(path);
  } catch (cause) {
    throw new ConfigError(`${what} ${path} ${whyUnread(cause)}: name another file`, {
      code: 'SEN_CFG_SIMULATION',
      cause,
    });
  }
}

export interface Subject {
  readonly network: SimulatedNetwork;
  readonly model?: Model;
  /** The design in the form of profiles, where it has one. */
  readonly design?: unknown;
}

/** Windows that are computed together: the work of more would not fit in memory. */
const MOST_WINDOWS = 4096;

/** A model file, or a design as .json. Throws `ConfigError` or `WeightsError`. */
export async function subject(path: string, windows: number): Promise<Subject> {
  if (windows > MOST_WINDOWS) {
    throw new ConfigError(
      `a batch of ${windows} windows is too large to simulate: expected ${MOST_WINDOWS} at most`,
      { code: 'SEN_CFG_SIMULATION' },
    );
  }
  if (!path.endsWith('.json')) {
    const model = await readModel(path);
    return { network: networkOfModel(model, windows), model, design: designOf(model) };
  }
  const json = text(path, 'design');
  let design: unknown;
  try {
    design = JSON.parse(json);
  } catch (cause) {
    throw new ConfigError(`${path} is no design of a network: found no JSON`, {
      code: 'SEN_CFG_SIMULATION',
      cause,
    });
  }
  return { network: networkOfDesign(design, path, windows), design: profiledForm(design) };
}

function designOf(model: Model): unknown {
  const width = model.channels.length;
  if (model.kind === 'cnn') {
    const { point: cnn, rows, horizon } = readDesign(cnnDesign, model).cnn;
    return profiledForm({ cnn, rows, horizon, width });
  }
  if (model.kind !== 'forecaster') return undefined;
  const { point, patch, rows, horizon } = readDesign(forecasterDesign, model).forecaster;
  return { point, patch, rows, horizon, width };
}

/** Profiles name a design of either family its point; each row is a patch of a convolutional one. */
function profiledForm(design: unknown): unknown {
  if (typeof design !== 'object' || design === null || !('cnn' in design)) return design;
  const { cnn: point, ...shape } = design;
  return { point, patch: 1, ...shape };
}

/** Throws `ConfigError` for masks of a network without weights or tape. */
export async function zerosOf(
  { network, model }: Subject,
  shares: Shares,
  masksFrom: string | undefined,
  roots: readonly [string, string],
): Promise<Zeros> {
  if (masksFrom === undefined) return new Zeros(shares);
  const series = model && network.values && (await readSearchData(masksFrom, roots)).train;
  const zeros =
    model &&
    series &&
    zerosOfModel(network, windowsOf(series, model, network.windows), {
      ...{ shares, kernels: await loadEngine() },
    });
  if (zeros) return zeros;
  throw new ConfigError(
    `--masks-from needs weights and a tape, which ${network.name} does not have: name a model of a forecaster, a cnn or an encoder, or assume --zeros`,
    { code: 'SEN_CFG_SIMULATION' },
  );
}

export interface Measured {
  readonly device: string;
  readonly latencyS: number;
  /** Whether this very network was measured; otherwise it is predicted from those that were. */
  readonly isMeasured: boolean;
  readonly energyJ?: number;
}

/** The latency of one window on the device of a profile. Throws as `readProfile`, and for a network that no profile knows. */
export function measuredOn(path: string, design: unknown, engine: EngineIdentity): Measured {
  const profile = readProfile(path, engine);
  const network = profiledNetworkSchema.safeParse(design);
  if (!network.success) {
    throw new ConfigError(
      `${path} has no latency of this network: expected a forecaster or a cnn, which profiles are of: leave out --profile`,
      { code: 'SEN_CFG_SIMULATION' },
    );
  }
  const same = measuredIn(profile, network.data);
  const { kind: device } = profile.device;
  if (same) {
    const energyJ = same.energy?.totalJ;
    return {
      device,
      latencyS: same.p50S,
      isMeasured: true,
      ...(energyJ !== undefined && { energyJ }),
    };
  }
  const gap = gapIn(
    profile.measurements.map((one) => one.network),
    [network.data],
  );
  if (gap !== undefined) {
    throw new ConfigError(
      `${path} ${gap}: profile that device with networks like this one, or leave out --profile`,
      { code: 'SEN_CFG_PROFILE_GAPS' },
    );
  }
  const [predicted] = predictorOf(profile, regressors).predict([{ network: network.data }]);
  const { p50S, energyJ } = predicted ?? {};
  if (!p50S) {
    throw new ConfigError(`${path} holds no latency: run \`sentigon profile\` for longer`, {
      code: 'SEN_CFG_PROFILE_GAPS',
    });
  }
  return {
    device,
    latencyS: p50S.mean,
    isMeasured: false,
    ...(energyJ && { energyJ: energyJ.mean }),
  };
}
