// The settings of a search from the options of `sentigon search`.
import { ConfigError } from '../../core/errors.ts';
import { lookUp, parseOptions } from '../../core/registry.ts';
import { type AnyFamily, families } from '../../lab/search/families/index.ts';
import { publishedWeights } from '../../lab/simulator/price.ts';
import { spaceFrom } from '../search/files.ts';
import { methods, usualMethod } from '../search/methods.ts';
import { type SearchSettings, settingsSchema } from '../search/settings.ts';
import { acceleratorSpace } from '../simulate/inputs.ts';
import { BUDGET, type SearchOptions } from './search-options.ts';
import { requireTraining } from './simulation-options.ts';

/** Enough to compare networks, not to train one fully; the proof space is trained so. */
const TRAINING = { steps: 300, batch: 32, learningRate: 4e-3 };

/** Throws `ConfigError` naming what is missing or cannot be. */
export function settingsFrom(
  data: string,
  options: SearchOptions,
  devices: SearchSettings['devices'],
): SearchSettings {
  const { library, embedding, parallel, seeds, seed, finalSteps, dataRoot } = options;
  const { maxLatencyMs, maxEnergyMj, maxPeakW, maxMemoryKb } = options;
  const { objectives } = options;
  const accelerators = acceleratorsFrom(options);
  const halves = accelerators ? 2 : devices.length;
  const method = options.method ?? usualMethod(halves, objectives !== undefined);
  if (objectives) requireFront(method, options, objectives.length);
  parseOptions(
    lookUp(methods, method, 'search method').options,
    options.set ?? {},
    `method ${method}`,
  );
  const family = lookUp(families, options.family, 'family');
  lookUp(family.embeddings, embedding, 'embedding');
  return parseOptions(
    settingsSchema,
    {
      ...{ data, dataRoot, library, embedding, parallel, seeds, seed, finalSteps, devices, method },
      space: spaceFrom(options.space, family.kind),
      levelled: options.flat !== true,
      methodOptions: options.set,
      training: { ...TRAINING, ...options.training },
      budget: options.budget ?? BUDGET,
      limits: {
        latencyS: scaled(maxLatencyMs, 1e-3),
        energyJ: scaled(maxEnergyMj, 1e-3),
        peakPowerW: maxPeakW,
        memoryBytes: scaled(maxMemoryKb, 1024),
        areaMm2: options.maxAreaMm2,
      },
      accelerators,
      weights: options.weights ?? (accelerators && weightsOfPairs(accelerators)),
      objectives,
      detector: detectorOf(family, options),
    },
    'the search',
  );
}

/** What is made of the chosen network. Throws `ConfigError` for an ensemble of another family than encoders. */
function detectorOf({ kind, network }: AnyFamily, { ensemble }: SearchOptions): string {
  if (!ensemble) return network.detector;
  if (kind === 'encoder') return 'ensemble';
  throw new ConfigError(
    `--ensemble combines an encoder with a GON, not a ${kind}: leave out --ensemble or --family`,
    { code: 'SEN_CFG_OPTION' },
  );
}

/** Those of the paper that the accelerators are of; `energy` is that of the work, without leakage. */
function weightsOfPairs({ space }: NonNullable<SearchSettings['accelerators']>) {
  const { accuracy, latencyS, dynamicJ, leakageJ, areaMm2 } = publishedWeights(space);
  return {
    ...{ accuracy, latency: latencyS, energy: dynamicJ },
    ...{ peakPower: 0, leakage: leakageJ, area: areaMm2 },
  };
}

/** Throws `ConfigError` beside devices, for an area without accelerators, and for what is not simulated. */
function acceleratorsFrom(options: SearchOptions): SearchSettings['accelerators'] {
  const { accelerators, mode, epoch, maxAreaMm2, device, profile, measure, maxPeakW } = options;
  requireTraining(mode, epoch);
  if (accelerators === undefined) {
    if (maxAreaMm2 === undefined && mode === 'inference') return undefined;
    throw new ConfigError(
      `${maxAreaMm2 === undefined ? '--mode' : '--max-area-mm2'} is of accelerators: add --accelerators small, or leave it out`,
      { code: 'SEN_CFG_OPTION' },
    );
  }
  if (device.length + profile.length > 0 || measure || maxPeakW !== undefined) {
    throw new ConfigError(
      '--accelerators are searched in place of devices: leave out --device, --profile, --measure and --max-peak-w',
      { code: 'SEN_CFG_OPTION' },
    );
  }
  if (options.objectives?.includes('peakPower')) {
    throw new ConfigError(
      'the peak power of accelerators is not simulated: leave peakPower out of --objectives',
      { code: 'SEN_CFG_OPTION' },
    );
  }
  return { space: acceleratorSpace(accelerators), mode, ...(epoch !== undefined && { epoch }) };
}

/** Throws `ConfigError` for what seeks one number, or the front of fewer objectives. */
function requireFront(method: string, { weights }: SearchOptions, count: number): void {
  if (weights) {
    throw new ConfigError(
      '--weights make one number of all objectives: give --weights or --objectives, not both',
      { code: 'SEN_CFG_OPTION' },
    );
  }
  const { seeksFront, mostObjectives = count } = lookUp(methods, method, 'search method');
  if (seeksFront && count <= mostObjectives) return;
  const others = [...methods.values()].filter(
    (other) => other.seeksFront && count <= (other.mostObjectives ?? count),
  );
  const fault = seeksFront
    ? `takes ${mostObjectives} objectives at most, found ${count}`
    : 'seeks one number';
  throw new ConfigError(
    `method ${method} ${fault}: with --objectives choose ${others.map(({ kind }) => kind).join(', ')}`,
    { code: 'SEN_CFG_OPTION' },
  );
}

/** Networks that are measured here must not be disturbed by trainings beside. */
export function requireQuiet({ parallel, workers }: SearchOptions, measured: boolean): void {
  if (!measured || workers !== undefined || parallel === 1) return;
  throw new ConfigError(
    `--parallel ${parallel} would disturb the measurements on this machine: profile the device first (sentigon profile), or use --parallel 1`,
    { code: 'SEN_CFG_PARALLEL' },
  );
}

function scaled(value: number | undefined, by: number): number | undefined {
  return value === undefined ? undefined : value * by;
}
