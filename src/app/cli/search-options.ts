// The options of `sentigon search`.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { embeddings } from '../../lab/search/design-space/embeddings.ts';
import { namedSpaces } from '../../lab/search/design-space/space.ts';
import { families } from '../../lab/search/families/index.ts';
import { methods } from '../search/methods.ts';
import { OBJECTIVES, type ObjectiveName } from '../search/settings.ts';
import { SPACES } from '../simulate/inputs.ts';
import { DATA_ROOT_HELP } from './data-sets.ts';
import {
  namesOption,
  numberOption,
  positiveOption,
  seedOption,
  settings,
  wholeOption,
} from './options.ts';

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
  readonly epoch?: number;
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

export const FAMILY_HELP = `family of networks: ${[...families.keys()].join(', ')}`;

export function withSearchOptions(command: Command): Command {
  return withAccelerators(withAims(command))
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
    .option(
      '-m, --method <kind>',
      `one of ${[...methods.keys()].join(', ')} (default: boshnas, boshcode for several devices, breathe with --objectives)`,
    )
    .option('--set <key=value>', 'an option of the method; may be repeated', settings)
    .option('--training <key=value>', 'an option of each training; may be repeated', settings)
    .option('-n, --budget <n>', `evaluations (default: ${BUDGET})`, wholeOption)
    .option('--parallel <n>', 'evaluations at once', wholeOption, 1)
    .option('--seeds <n>', 'trainings of each evaluation', wholeOption, 1)
    .option('--seed <n>', 'same data, settings and seed give the same search', seedOption, 1)
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

/** What is searched in place of devices. */
function withAccelerators(command: Command): Command {
  return command
    .option('--accelerators <space>', `search accelerators, too, simulated: ${SPACES}`)
    .addOption(
      new Option(
        '--mode <mode>',
        'with --accelerators: price a window of scoring, or an epoch of training',
      )
        .choices(['inference', 'training'])
        .default('inference'),
    )
    .option(
      '--epoch <windows>',
      'with --mode training: windows of an epoch (default: those of the data)',
      wholeOption,
    );
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
    const [name = '', ...value] = term.split('=');
    if (Object.hasOwn(none, name)) return [name, numberOption(value.join('='))] as const;
    throw new InvalidArgumentError(`Expected ${Object.keys(none).join(', ')}, not '${name}'.`);
  });
  if (new Set(pairs.map(([name]) => name)).size === pairs.length) {
    return { ...none, ...Object.fromEntries(pairs) };
  }
  throw new InvalidArgumentError('Expected each name once.');
}
