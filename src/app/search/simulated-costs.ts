// What a network costs on an accelerator in a search of both: simulated, before it is trained and after; and where its costs count as 1.
import type { Series } from '../../core/series.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { createRandom } from '../../engine/random.ts';
import type { ProfiledNetwork } from '../../lab/profiler/network.ts';
import type { Accelerator } from '../../lab/simulator/accelerator.ts';
import type { Work } from '../../lab/simulator/lowering/graph.ts';
import { sharesFor, windowsUpTo, zerosOfModel } from '../../lab/simulator/model-zeros.ts';
import { ELEMENT_BITS } from '../../lab/simulator/modules.ts';
import { networkOfModel, networkOfShape } from '../../lab/simulator/networks.ts';
import { epochWindows, type Price, priceOf, scaleFrom } from '../../lab/simulator/price.ts';
import { USUAL_RULES } from '../../lab/simulator/simulate.ts';
import { acceleratorAt } from '../../lab/simulator/space.ts';
import { NO_ZEROS, Zeros } from '../../lab/simulator/zeros.ts';
import type { Model } from '../../models/model.ts';
import type { Costs, Scale } from './costs.ts';
import { costsThatFit, SCALED_BY } from './device-candidates.ts';
import type { SearchDevice } from './devices.ts';
import type { Choice, Library } from './library.ts';
import type { SearchSettings } from './settings.ts';

export type CodesignSettings = SearchSettings & {
  readonly accelerators: NonNullable<SearchSettings['accelerators']>;
};

export function isCodesign(settings: SearchSettings): settings is CodesignSettings {
  return settings.accelerators !== undefined;
}

/**
 * Training is priced by its epoch: the windows of the data, unless the settings name a number. A window has the rows that the
 * network sees, and the one that it forecasts.
 */
export function withEpoch(settings: SearchSettings, trainRows: number): SearchSettings {
  const { accelerators, space } = settings;
  if (accelerators?.mode !== 'training') return settings;
  const epoch = accelerators.epoch ?? epochWindows(trainRows, space.rows + 1);
  return { ...settings, accelerators: { ...accelerators, epoch } };
}

export function simulatedDevice(
  { accelerators: { space } }: CodesignSettings,
  number: number,
): SearchDevice {
  const accelerator = acceleratorAt(space, number);
  return { kind: accelerator.name, source: 'simulated', accelerator };
}

/** The accelerator that a point of a finished search names. */
export function deviceNamed(settings: CodesignSettings, name: string): SearchDevice {
  return simulatedDevice(settings, Number(name.slice(name.lastIndexOf(':') + 1)));
}

export function workOf(
  network: ProfiledNetwork,
  { accelerators }: CodesignSettings,
  windows: number,
): Work {
  return networkOfShape(network, 'the design', windows).work(accelerators.mode);
}

const NO_KNOWN_ZEROS = new Zeros(NO_ZEROS);

/**
 * Of a window, or of an epoch of training; throws `ConfigError` where the network does not fit. Deterministic, some milliseconds.
 * `work` is that of the network for the windows that the accelerator takes together.
 */
export function simulatedCosts(
  { network, device }: Pick<Choice, 'network' | 'device'>,
  settings: CodesignSettings,
  work = workOf(network, settings, acceleratorOf(device).batch),
): Costs {
  return costsOfWork(work, acceleratorOf(device), settings, NO_KNOWN_ZEROS);
}

/**
 * Of a model of the search, with the zeros of its weights and of its activations for windows of the series that it learned
 * from. Undefined for a model without a tape, and where the series has fewer windows than are computed together. Throws
 * `ConfigError` for other channels, and where the network does not fit.
 */
export function costsOfTrained(
  model: Model,
  device: SearchDevice,
  settings: CodesignSettings,
  { train, kernels }: { readonly train: Series; readonly kernels: Kernels },
): Costs | undefined {
  const accelerator = acceleratorOf(device);
  const network = networkOfModel(model, accelerator.batch);
  const { mode } = settings.accelerators;
  const windows = windowsUpTo(network.windows, train, model);
  if (windows.length < network.windows) return undefined;
  const zeros = zerosOfModel(network, windows, { shares: sharesFor(network, mode), kernels });
  return zeros && costsOfWork(network.work(mode), accelerator, settings, zeros);
}

/** Of a device of a search of accelerators. */
export function acceleratorOf({ kind, accelerator }: SearchDevice): Accelerator {
  if (accelerator) return accelerator;
  throw new RangeError(`the device ${kind} is no accelerator`);
}

function costsOfWork(
  work: Work,
  accelerator: Accelerator,
  { accelerators: { mode, epoch } }: CodesignSettings,
  zeros: Zeros,
): Costs {
  const times = epoch ?? 1;
  const rules = { mode, ...USUAL_RULES, zeros };
  const { latencyS, dynamicJ, leakageJ, areaMm2 } = priceOf(
    work,
    accelerator,
    accelerator.batch,
    rules,
  );
  const elements = work.matrices
    .filter(({ origin }) => origin === 'memory')
    .reduce((sum, one) => sum + one.elements, 0);
  return {
    ...{ p50S: times * latencyS, p95S: times * latencyS, areaMm2 },
    ...{ energyJ: times * dynamicJ, leakageJ: times * leakageJ },
    ...{ memoryBytes: Math.ceil((elements * ELEMENT_BITS) / 8), simulated: true },
    ...(epoch !== undefined && { epoch }),
  };
}

/** 95th percentiles of random pairs of the first library; yields between them. Throws the last fault where no network fits. */
export async function simulatedScale(
  { choices }: Library,
  settings: CodesignSettings,
  pause: () => Promise<void>,
): Promise<Scale> {
  const random = createRandom(settings.seed);
  const draws = Array.from({ length: SCALED_BY }, () => random.integer(choices.length));
  const costOf = (pair: number) => simulatedCosts(choices[pair] as Choice, settings);
  const found = await costsThatFit(draws, costOf, pause);
  const scale = scaleFrom(found.map(priceFrom));
  return {
    ...{ latencyS: scale.latencyS, energyJ: scale.dynamicJ },
    ...{ leakageJ: scale.leakageJ, areaMm2: scale.areaMm2 },
    memoryBytes: Math.max(...found.map(({ memoryBytes }) => memoryBytes)),
  };
}

function priceFrom({ p50S, energyJ = 0, leakageJ = 0, areaMm2 = 0 }: Costs): Price {
  const powerW = (energyJ + leakageJ) / p50S;
  return { latencyS: p50S, dynamicJ: energyJ, leakageJ, areaMm2, powerW };
}
