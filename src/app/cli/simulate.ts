// `sentigon simulate`: one network on one accelerator.
import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { engineIdentity } from '../../lab/profiler/engine-identity.ts';
import type { Accelerator } from '../../lab/simulator/accelerator.ts';
import { costsOf, type SimulationOptions, simulate } from '../../lab/simulator/simulate.ts';
import { LANE_MODELS, LOOP_ORDERS } from '../../lab/simulator/tiles.ts';
import { NO_ZEROS, PUBLISHED_ZEROS, type Shares, Zeros } from '../../lab/simulator/zeros.ts';
import { loadEngine } from '../../models/load-engine.ts';
import { readSearchData } from '../search/search-data.ts';
import {
  ACCELERATORS,
  accelerator,
  measuredOn,
  type Subject,
  subject,
  windowsOf,
} from '../simulate/inputs.ts';
import { SIMULATION_FORMAT, type SimulationFile } from '../simulate/simulation-file.ts';
import { simulationText } from '../simulate/simulation-text.ts';
import { version } from '../version.ts';
import { DATA_ROOT_HELP, dataRoots } from './data-sets.ts';
import { wholeOption } from './options.ts';

interface SimulateOptions {
  readonly accelerator: string;
  readonly snap?: true;
  readonly mode: SimulationOptions['mode'];
  readonly batch?: number;
  readonly zeros?: Shares;
  readonly masksFrom?: string;
  readonly dataRoot?: string;
  readonly order: string;
  readonly lanes: SimulationOptions['lanes'];
  readonly profile?: string;
  readonly out?: string;
  readonly writeAccelerator?: string;
  readonly json?: true;
}

const NOTES = `
Every figure is simulated, except what --profile adds. The accelerators are those of AccelTran in 14 nm, with the areas and powers
that were published; docs/simulate.md has the rules and what they leave out. A design is a .json file of
{point, patch, rows, width, horizon} or {cnn, rows, width, horizon}.

Examples:
  $ sentigon simulate pump.safetensors --accelerator edge
  $ sentigon simulate pump.safetensors --accelerator small:17 --masks-from host-faults --out pump.json
  $ sentigon report pump.json`;

export function simulateCommand(): Command {
  return new Command('simulate')
    .description(
      'Simulate a network on an accelerator: latency, energy, area, and where the time goes.',
    )
    .argument('<network>', 'model file (safetensors), or a design as .json')
    .requiredOption('--accelerator <name>', ACCELERATORS)
    .option('--snap', "take the nearest vector of ELECTOR's space")
    .addOption(
      new Option('--mode <mode>', 'what is simulated: scoring, or a step of training')
        .choices(['inference', 'training'])
        .default('inference'),
    )
    .option(
      '--batch <n>',
      'windows that are computed together (default: of the accelerator)',
      wholeOption,
    )
    .option(
      '--zeros <shares>',
      "shares of zeros in weights, activations and gradients, e.g. .5,.5,.9, which 'published' stands for (default: none)",
      zerosOption,
    )
    .option(
      '--masks-from <data>',
      'zeros of the weights, and of the activations for windows of these data',
    )
    .option('--data-root <dir>', DATA_ROOT_HELP)
    .option(
      '--order <loops>',
      'loops of products, outermost first: b windows, i rows, j columns, k inner; or all',
      orderOption,
      'bijk',
    )
    .addOption(
      new Option('--lanes <model>', 'how a lane takes the products that are not zero')
        .choices(LANE_MODELS)
        .default('window-32'),
    )
    .option('--profile <file>', 'show beside it what the device of this profile takes')
    .option('-o, --out <file>', 'write the result as JSON, for sentigon report')
    .option('--write-accelerator <file>', 'write the accelerator as JSON')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', NOTES)
    .action(run);
}

async function run(path: string, options: SimulateOptions): Promise<void> {
  const hardware = accelerator(options.accelerator, options.snap === true);
  const network = await subject(path, options.batch ?? hardware.batch);
  const file = await simulated(network, hardware, options);
  const json = `${JSON.stringify(file)}\n`;
  if (options.writeAccelerator !== undefined) {
    writeFileSync(options.writeAccelerator, `${JSON.stringify(hardware, undefined, 2)}\n`);
  }
  if (options.out !== undefined) writeFileSync(options.out, json);
  process.stdout.write(options.json ? json : simulationText(file));
}

async function simulated(
  found: Subject,
  hardware: Accelerator,
  { mode, order, lanes, zeros: shares = NO_ZEROS, masksFrom, dataRoot, profile }: SimulateOptions,
): Promise<SimulationFile> {
  const { network, design } = found;
  const values = masksFrom === undefined ? undefined : await valuesFrom(masksFrom, dataRoot, found);
  const zeros = new Zeros(shares, values);
  const work = network.work(mode);
  const shown = order === 'all' ? 'bijk' : order;
  const simulation = simulate(work, hardware, { mode, order: shown, lanes, zeros });
  const orders = (order === 'all' ? LOOP_ORDERS : []).map((each) => {
    const { cycles, dynamicJ } = costsOf(work, hardware, { mode, order: each, lanes, zeros });
    return { order: each, cycles, dynamicJ };
  });
  const measured =
    profile === undefined
      ? undefined
      : measuredOn(profile, design, engineIdentity(await loadEngine(), version()));
  return {
    ...{ format: SIMULATION_FORMAT, network: network.name, windows: network.windows },
    ...{ mode, order: shown, lanes, shares, accelerator: hardware, simulation },
    ...(masksFrom !== undefined && { masksFrom }),
    ...(order === 'all' && { orders }),
    ...(measured && { measured }),
  };
}

async function valuesFrom(data: string, root: string | undefined, { network, model }: Subject) {
  if (!model || !network.values) {
    throw new ConfigError(
      `--masks-from needs weights and a tape, which ${network.name} does not have: name a model of a forecaster, a cnn or an encoder, or assume --zeros`,
      { code: 'SEN_CFG_SIMULATION' },
    );
  }
  const series = await readSearchData(data, dataRoots(root));
  return network.values(windowsOf(series, model, network.windows), await loadEngine());
}

function zerosOption(text: string): Shares {
  if (text === 'published') return PUBLISHED_ZEROS;
  const zeros = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (zeros.length !== 3 || !zeros.every((share) => share >= 0 && share < 1)) {
    throw new InvalidArgumentError('Expected three shares from 0 to below 1, or published.');
  }
  const [weight = 0, activation = 0, gradient = 0] = zeros.map((share) => 1 - share);
  return { weight, activation, gradient };
}

function orderOption(text: string): string {
  if (text === 'all' || LOOP_ORDERS.includes(text)) return text;
  throw new InvalidArgumentError('Expected the letters b, i, j and k, each once, or all.');
}
