// `sentigon simulate`: one network on one accelerator.
import { Command } from 'commander';
import { engineIdentity } from '../../lab/profiler/engine-identity.ts';
import type { Accelerator } from '../../lab/simulator/accelerator.ts';
import { requireFunctions } from '../../lab/simulator/price.ts';
import { costsOf, simulate } from '../../lab/simulator/simulate.ts';
import { LOOP_ORDERS } from '../../lab/simulator/tiles.ts';
import { NO_ZEROS } from '../../lab/simulator/zeros.ts';
import { loadEngine } from '../../models/load-engine.ts';
import { writeDurably } from '../models/model-folder.ts';
import {
  ACCELERATORS,
  accelerator,
  measuredOn,
  type Subject,
  subject,
  zerosOf,
} from '../simulate/inputs.ts';
import { SIMULATION_FORMAT, type SimulationFile } from '../simulate/simulation-file.ts';
import { simulationText } from '../simulate/simulation-text.ts';
import { version } from '../version.ts';
import { dataRoots } from './data-sets.ts';
import { wholeOption } from './options.ts';
import { requireOutput } from './output-file.ts';
import { ORDER, type RulesOptions, requireUnrolledRules, withRules } from './simulation-options.ts';

interface SimulateOptions extends RulesOptions {
  readonly accelerator: string;
  readonly snap?: true;
  readonly batch?: number;
  readonly profile?: string;
  readonly out?: string;
  readonly writeAccelerator?: string;
  readonly json?: true;
}

const NOTES = `
Every figure is simulated, except what --profile adds. The accelerators are those of AccelTran and of AccelBench in 14 nm, with the
areas and powers that were published; docs/simulate.md has the rules and what they leave out. A design is a .json file of
{point, patch, rows, width, horizon} or {cnn, rows, width, horizon}.

Examples:
  $ sentigon simulate pump.safetensors --accelerator edge
  $ sentigon simulate pump.safetensors --accelerator small:113 --masks-from host-faults --out pump.json
  $ sentigon report pump.json`;

export function simulateCommand(): Command {
  const command = new Command('simulate')
    .description(
      'Simulate a network on an accelerator: latency, energy, area, and where the time goes.',
    )
    .argument('<network>', 'model file (safetensors), or a design as .json')
    .requiredOption('--accelerator <name>', ACCELERATORS)
    .option('--snap', 'take the nearest vector of elector or accelbench')
    .option(
      '--batch <n>',
      'windows that are computed together (default: of the accelerator)',
      wholeOption,
    );
  return withRules(command, { all: true })
    .option('--profile <file>', 'show beside it what the device of this profile takes')
    .option('-o, --out <file>', 'write the result as JSON, for sentigon report')
    .option('--write-accelerator <file>', 'write the accelerator as JSON')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', NOTES)
    .action(run);
}

async function run(path: string, options: SimulateOptions): Promise<void> {
  requireOutputs(path, options);
  const hardware = accelerator(options.accelerator, options.snap === true);
  const network = await subject(path, options.batch ?? hardware.batch);
  const file = await simulated(network, hardware, options);
  const json = `${JSON.stringify(file)}\n`;
  if (options.writeAccelerator !== undefined) {
    await writeDurably(
      options.writeAccelerator,
      Buffer.from(`${JSON.stringify(hardware, undefined, 2)}\n`),
    );
  }
  if (options.out !== undefined) await writeDurably(options.out, Buffer.from(json));
  process.stdout.write(options.json ? json : simulationText(file));
}

function requireOutputs(network: string, options: SimulateOptions): void {
  const { accelerator: hardware, profile = '', masksFrom = '', out, writeAccelerator } = options;
  const data = { 'data of --masks-from': masksFrom };
  const inputs = { network, accelerator: hardware, profile, ...data };
  if (out !== undefined) requireOutput('--out', out, inputs);
  if (writeAccelerator !== undefined)
    requireOutput('--write-accelerator', writeAccelerator, inputs);
}

async function simulated(
  found: Subject,
  hardware: Accelerator,
  { mode, order, lanes, zeros: shares = NO_ZEROS, masksFrom, dataRoot, profile }: SimulateOptions,
): Promise<SimulationFile> {
  const { network, design } = found;
  const zeros = await zerosOf(found, shares, masksFrom, dataRoots(dataRoot));
  const work = network.work(mode);
  requireFunctions(work, hardware);
  if ('unrolled' in hardware) requireUnrolledRules(hardware.name, { order, lanes });
  const shown = order === 'all' ? ORDER : order;
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
