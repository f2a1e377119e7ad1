// The options of `sentigon search`, and the settings of a search that they give.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { lookUp, parseOptions } from '../../core/registry.ts';
import { embeddings } from '../../lab/search/design-space/embeddings.ts';
import { namedSpaces } from '../../lab/search/design-space/space.ts';
import { type AnyFamily, families } from '../../lab/search/families/index.ts';
import { spaceFrom } from '../search/files.ts';
import { methods, usualMethod } from '../search/methods.ts';
import {
  OBJECTIVES,
  type ObjectiveName,
  type SearchSettings,
  settingsSchema,
} from '../search/settings.ts';
import { acceleratorSpace, SPACES } from '../simulate/inputs.ts';
import { DATA_ROOT_HELP } from './data-sets.ts';
import { namesOption, numberOption, settings, wholeOption } from './options.ts';

export interface SearchOptions {
  readonly family: string;
  readonly space: string;
  readonly library: number;
  readonly flat?: true;
  readonly describe?: true;
  readonly embedding: string;
  readonly device: readonly string[];
  readonly profile: readonly string[];
  readonly measure?: true;
  readonly accelerators?: string;
  readonly mode: 'inference' | 'training';
  readonly maxAreaMm2?: number;
  readonly method?: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly training?: Readonly<Record<string, unknown>>;
  readonly budget?: number;
  readonly parallel: number;
  readonly seeds: number;
  readonly seed: number;
  readonly maxLatencyMs?: number;
  readonly maxEnergyMj?: number;
  readonly maxPeakW?: number;
  readonly maxMemoryKb?: number;
  readonly objectives?: readonly ObjectiveName[];
  readonly weights?: Readonly<Record<string, number>>;
  readonly ensemble?: true;
  readonly finalSteps: number;
  readonly out?: string;
  readonly resume?: string;
  readonly take?: number;
  readonly workers?: string;
  readonly cache?: string;
  readonly dataRoot?: string;
  readonly json?: true;
}

/** Evaluations, where nothing is said: an hour or less for small networks. */
export const BUDGET = 40;

/** Enough to compare networks, not to train one fully; the proof space is trained so. */
const TRAINING = { steps: 300, batch: 32, learningRate: 4e-3 };

export const FAMILY_HELP = `family of networks: ${[...families.keys()].join(', ')}`;

export function withSearchOptions(command: Command): Command {
  return withAims(command)
    .option('--family <kind>', FAMILY_HELP, 'encoder')
    .option('--space <name>', `${[...namedSpaces.keys()].join(', ')}, or a .json file`, 'proof')
    .option(
      '--library <n>',
      'designs to draw from a space that is too large to list',
      wholeOption,
      2000,
    )
    .option('--flat', 'draw them from the whole space at once instead of level by level')
    .option('--describe', 'print the space and the levels of the search, and do not search')
    .option('--embedding <kind>', [...embeddings.keys()].join(', '), 'learned')
    .option('-p, --profile <files>', 'profiles of devices, separated by commas', namesOption, [])
    .option('--device <kinds>', 'devices without a profile, separated by commas', namesOption, [])
    .option('--measure', 'measure each network on --device instead of modelling it')
    .option('--accelerators <space>', `search accelerators, too, simulated: ${SPACES}`)
    .addOption(
      new Option('--mode <mode>', 'with --accelerators: price a window of scoring or of training')
        .choices(['inference', 'training'])
        .default('inference'),
    )
    .option(
      '-m, --method <kind>',
      `one of ${[...methods.keys()].join(', ')} (default: boshnas, boshcode for several devices, breathe with --objectives)`,
    )
    .option('--set <key=value>', 'an option of the method; may be repeated', settings)
    .option('--training <key=value>', 'an option of each training; may be repeated', settings)
    .option('-n, --budget <n>', `evaluations (default: ${BUDGET})`, wholeOption)
    .option('--parallel <n>', 'evaluations at once', wholeOption, 1)
    .option('--seeds <n>', 'trainings of each evaluation', wholeOption, 1)
    .option('--seed <n>', 'same data, settings and seed give the same search', numberOption, 1)
    .option('--ensemble', 'combine the chosen network with a GON')
    .option('--final-steps <n>', 'training steps of the chosen network', wholeOption, 1500)
    .option('-o, --out <dir>', 'folder for the search; required unless --resume is given')
    .option('--resume <dir>', 'continue a search that was stopped')
    .option(
      '--take <n>',
      'with --resume: write model-<n>.safetensors of evaluation n, which is on the front',
      wholeOption,
    )
    .option('--workers <redis>', 'redis://host: let sentigon worker processes do the work')
    .option('--cache <dir>', 'folder of earlier evaluations (default: in the folder of the search)')
    .option('--data-root <dir>', DATA_ROOT_HELP)
    .option('--json', 'each evaluation and the result as JSON lines');
}

/** What is sought, and within which limits. */
function withAims(command: Command): Command {
  return command
    .option(
      '--max-latency-ms <ms>',
      'limit of the latency: 95th percentile of an inference',
      positiveOption,
    )
    .option('--max-energy-mj <mJ>', 'limit of the energy of one inference', positiveOption)
    .option('--max-peak-w <W>', 'limit of the peak power', positiveOption)
    .option('--max-area-mm2 <mm2>', 'limit of the area of --accelerators', positiveOption)
    .option('--max-memory-kb <KB>', 'limit of the memory for weights and values', positiveOption)
    .option(
      '--objectives <names>',
      `seek a front of several: ${OBJECTIVES.join(', ')}, separated by commas`,
      objectivesOption,
    )
    .option(
      '--weights <terms>',
      "e.g. 'accuracy=0.7,latency=0.3'; those not named are 0",
      weightsOption,
    );
}

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
      weights: options.weights ?? (accelerators && TRANSCODE),
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

/** TransCODE's weights; `energy` is that of the work, without leakage. */
const TRANSCODE = {
  ...{ accuracy: 0.5, latency: 0.1, energy: 0.2, peakPower: 0, leakage: 0.1, area: 0.1 },
};

/** Throws `ConfigError` beside devices, and for an area without accelerators. */
function acceleratorsFrom(options: SearchOptions): SearchSettings['accelerators'] {
  const { accelerators, mode, maxAreaMm2, device, profile, measure, maxPeakW } = options;
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
  return { space: acceleratorSpace(accelerators), mode };
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

function positiveOption(text: string): number {
  const value = numberOption(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('Expected a number above 0.');
}

function objectivesOption(text: string): readonly ObjectiveName[] {
  const names = text.split(',').map((name) => {
    const found = OBJECTIVES.find((one) => one === name.trim());
    if (found) return found;
    throw new InvalidArgumentError(`Expected ${OBJECTIVES.join(', ')}, not '${name}'.`);
  });
  if (new Set(names).size === names.length && names.length > 1) return names;
  throw new InvalidArgumentError(
    'Expected two or more different ones; for one number give --weights.',
  );
}

/** Terms that are not named have weight 0. */
function weightsOption(text: string): Readonly<Record<string, number>> {
  const none = { accuracy: 0, latency: 0, energy: 0, peakPower: 0, leakage: 0, area: 0 };
  const pairs = text.split(',').map((term) => {
    const [name = '', value = ''] = term.split('=');
    if (name in none) return [name, numberOption(value)] as const;
    throw new InvalidArgumentError(`Expected ${Object.keys(none).join(', ')}, not '${name}'.`);
  });
  return { ...none, ...Object.fromEntries(pairs) };
}
