// `sentigon simulate`: one network on one accelerator.
import { resolve } from 'node:path';
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { engineIdentity } from '../../lab/profiler/engine-identity.ts';
import type { Accelerator } from '../../lab/simulator/accelerator.ts';
import { kindOf } from '../../lab/simulator/hardware.ts';
import { sharesFor } from '../../lab/simulator/model-zeros.ts';
import { requireFunctions } from '../../lab/simulator/price.ts';
import { PROCESSOR } from '../../lab/simulator/processor.ts';
import { costsOf, simulate, USUAL_RULES } from '../../lab/simulator/simulate.ts';
import { LOOP_ORDERS } from '../../lab/simulator/tiles.ts';
import { loadEngine } from '../../models/load-engine.ts';
import { writeDurably } from '../models/model-folder.ts';
import { readProfile } from '../search/files.ts';
import {
  ACCELERATORS,
  accelerator,
  measuredOn,
  type Subject,
  subject,
  zerosOf,
} from '../simulate/inputs.ts';
import { measuredIn, onProcessor, processorOf } from '../simulate/processor.ts';
import { processorText } from '../simulate/processor-text.ts';
import { SIMULATION_FORMAT, type SimulationFile } from '../simulate/simulation-file.ts';
import { simulationText } from '../simulate/simulation-text.ts';
import { version } from '../version.ts';
import { dataRoots } from './data-sets.ts';
import { wholeOption } from './options.ts';
import { requireOutput } from './output-file.ts';
import { type RulesOptions, requireRules, withRules } from './simulation-options.ts';

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

cpu is the processor of a profile (sentigon profile): its rates are fitted to the networks that were measured, and the result says
how well they predict networks held out. It has a latency alone, of scoring.

Examples:
  $ sentigon simulate pump.safetensors --accelerator edge
  $ sentigon simulate pump.safetensors --accelerator cpu --profile this.json
  $ sentigon simulate pump.safetensors --accelerator small:113 --masks-from host-faults --out pump.json
  $ sentigon report pump.json`;

export function simulateCommand(): Command {
  const command = new Command('simulate')
    .argument('<network>', 'model file (safetensors), or a design as .json')
    .requiredOption('--accelerator <name>', `${ACCELERATORS}, or ${PROCESSOR} of a --profile`)
    .option('--snap', 'take the nearest vector of elector or accelbench')
    .option(
      '--batch <n>',
      'windows that are computed together (default: of the accelerator)',
      wholeOption,
    );
  return withRules(command, { all: true })
    .option(
      '--profile <file>',
      `show beside it what the device of this profile takes; with ${PROCESSOR}: the profile`,
    )
    .option('-o, --out <file>', 'write the result as JSON, for sentigon report')
    .option('--write-accelerator <file>', 'write the accelerator as JSON')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', NOTES)
    .action(run);
}

async function run(path: string, options: SimulateOptions, command: Command): Promise<void> {
  if (options.accelerator === PROCESSOR) {
    process.stdout.write(await processorResult(path, options, command));
    return;
  }
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

/** Options that a processor has. */
const OF_PROCESSORS = ['accelerator', 'profile', 'batch', 'mode', 'json'];

/** Throws `ConfigError` for options of accelerators, and without a profile. */
async function processorResult(
  path: string,
  { profile, batch = 1, mode, json }: SimulateOptions,
  command: Command,
): Promise<string> {
  const strange = command.options.find((option) => {
    const name = option.attributeName();
    return command.getOptionValueSource(name) === 'cli' && !OF_PROCESSORS.includes(name);
  });
  const extra = strange?.long ?? (mode === 'training' ? '--mode training' : undefined);
  if (extra !== undefined) throw refused(`has a latency of scoring alone: leave out ${extra}`);
  if (profile === undefined) {
    throw refused('takes its rates from a profile: add --profile, which sentigon profile makes');
  }
  const found = readProfile(profile, engineIdentity(await loadEngine(), version()));
  const { network, design } = await subject(path, batch);
  const measuredS = measuredIn(found, design)?.p50S;
  const simulation = {
    ...onProcessor(network, network.work(mode), processorOf(found, profile)),
    ...(measuredS !== undefined && { measuredS }),
  };
  return json ? `${JSON.stringify(simulation)}\n` : processorText(simulation);
}

function refused(fault: string): ConfigError {
  return new ConfigError(`the accelerator ${PROCESSOR} ${fault}`, { code: 'SEN_CFG_SIMULATION' });
}

function requireOutputs(network: string, options: SimulateOptions): void {
  const { accelerator: hardware, profile = '', masksFrom = '', out, writeAccelerator } = options;
  const data = { 'data of --masks-from': masksFrom };
  const inputs = { network, accelerator: hardware, profile, ...data };
  if (out !== undefined) requireOutput('--out', out, inputs);
  if (writeAccelerator === undefined) return;
  requireOutput('--write-accelerator', writeAccelerator, inputs);
  if (out === undefined || resolve(out) !== resolve(writeAccelerator)) return;
  throw new ConfigError(`--out and --write-accelerator are both ${out}: name two files`, {
    code: 'SEN_CFG_OPTION',
  });
}

async function simulated(
  found: Subject,
  hardware: Accelerator,
  { mode, order, lanes, zeros: given, masksFrom, dataRoot, profile }: SimulateOptions,
): Promise<SimulationFile> {
  const { network, design } = found;
  const shares = sharesFor(network, mode, given);
  const zeros = await zerosOf(found, shares, masksFrom, dataRoots(dataRoot));
  const work = network.work(mode);
  requireFunctions(work, hardware);
  requireRules(hardware.name, kindOf(hardware).fixedRules, { order, lanes });
  const shown = order === 'all' ? USUAL_RULES.order : order;
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
    ...(shares === network.trainingShares && { sharesOfTraining: true }),
    ...(order === 'all' && { orders }),
    ...(measured && { measured }),
  };
}
