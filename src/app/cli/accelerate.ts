// `sentigon accelerate`: the accelerator for one network, within an area and a power.
import { Command, InvalidArgumentError } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { paretoFront } from '../../lab/search/front.ts';
import { presets } from '../../lab/simulator/accelerator.ts';
import { fixedRulesOf } from '../../lab/simulator/hardware.ts';
import { sharesFor } from '../../lab/simulator/model-zeros.ts';
import { epochWindows, type Price, weightedPrice } from '../../lab/simulator/price.ts';
import {
  begunText,
  bestOf,
  type Compared,
  evaluatedLine,
  foundText,
  isBetter,
  nothingText,
  type Unit,
} from '../accelerate/accelerate-text.ts';
import {
  type AccelerateTask,
  accelerate,
  type Begun,
  type Evaluated,
  OBJECTIVES,
  type Objective,
  type Prepared,
  pricedOn,
  weightsOf,
} from '../accelerate/session.ts';
import { writeDurably } from '../models/model-folder.ts';
import { Interrupted } from '../process/exit-codes.ts';
import { listenForStop } from '../process/stop.ts';
import { unlessImpossible } from '../search/device-candidates.ts';
import { methods, usualMethod } from '../search/methods.ts';
import { acceleratorSpace, SPACES, type Subject, subject, zerosOf } from '../simulate/inputs.ts';
import { dataRoots } from './data-sets.ts';
import { namesOption, positiveOption, seedOption, settings, wholeOption } from './options.ts';
import { requireOutput } from './output-file.ts';
import { createProgress, type Progress } from './progress.ts';
import {
  type RulesOptions,
  requireRules,
  requireTraining,
  withRules,
} from './simulation-options.ts';

interface AccelerateOptions extends RulesOptions {
  readonly space: string;
  readonly objectives?: readonly Objective[];
  readonly maxAreaMm2?: number;
  readonly maxPowerW?: number;
  readonly method: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly budget: number;
  readonly seed: number;
  readonly epoch?: number;
  readonly out: string;
  readonly json?: true;
}

const NOTES = `
The cost of an accelerator is the weighted mean of its latency (.1), dynamic energy (.2), leakage (.1) and area (.1), as far as
--objectives names them, each in parts of the 95th percentile of 100 accelerators that are drawn at random before; of
accelbench latency .2, dynamic energy .2, leakage .3 and area .1, the weights of its paper. Time and energy are those of a
window: windows that are computed together divide them. Power is the mean while it works.
Accelerators with relu lanes are left out for a network with another function, and those with hbm, whose standby power is not
published, where energy or power counts; of rram the result says what its energy lacks. docs/accelerate.md has the format of a space.
With --mode training an epoch is priced: its windows, forward and back.
Stopped with Ctrl-C, the best so far is written.

Examples:
  $ sentigon accelerate pump.safetensors --out pump-accelerator.json
  $ sentigon accelerate pump.safetensors --max-area-mm2 2 --max-power-w .5 --objectives latency,energy
  $ sentigon simulate pump.safetensors --accelerator pump-accelerator.json`;

/** Evaluations, where nothing is said. */
const BUDGET = 200;

export function accelerateCommand(): Command {
  const command = new Command('accelerate')
    .argument('<network>', 'model file (safetensors), or a design as .json')
    .option('--space <name>', `accelerators to choose from: ${SPACES}`, 'small')
    .option(
      '--objectives <names>',
      `what counts: ${OBJECTIVES.join(', ')}, separated by commas (default: all)`,
      objectivesOption,
    )
    .option('--max-area-mm2 <mm2>', 'limit of the area, without main memory', positiveOption)
    .option('--max-power-w <W>', 'limit of the mean power while it works', positiveOption);
  return withRules(command, { all: false })
    .option(
      '--epoch <windows>',
      'windows of an epoch of training (default: those that the model has learnt from)',
      wholeOption,
    )
    .option('-m, --method <kind>', [...methods.keys()].join(', '), usualMethod(1, false))
    .option('--set <key=value>', 'an option of the method; may be repeated', settings)
    .option('-n, --budget <n>', 'evaluations', wholeOption, BUDGET)
    .option('--seed <n>', 'same network, options and seed give the same search', seedOption, 1)
    .option('-o, --out <file>', 'the accelerator, for sentigon simulate', 'accelerator.json')
    .option('--json', 'each evaluation and the result as JSON lines')
    .addHelpText('after', NOTES)
    .action(run);
}

async function run(path: string, options: AccelerateOptions): Promise<void> {
  const { out, space: spaceName, masksFrom = '' } = options;
  requireOutput('--out', out, {
    network: path,
    space: spaceName,
    'data of --masks-from': masksFrom,
  });
  const json = options.json === true;
  const space = acceleratorSpace(spaceName);
  requireRules(space.name, fixedRulesOf(space), options);
  const first = await subject(path, 1);
  const unit = unitOf(first, options);
  const networks = await networksFor(path, space.choices.batch, options);
  const { mode, order, lanes, maxAreaMm2, maxPowerW } = options;
  const task: AccelerateTask = {
    ...{ space, networks, maxAreaMm2, maxPowerW, options: { mode, order, lanes } },
    ...{ objectives: options.objectives ?? OBJECTIVES, method: options.method },
    ...{ methodOptions: options.set ?? {}, budget: options.budget, seed: options.seed },
  };
  const stop = listenForStop();
  const progress = createProgress(json ? process.stdout : process.stderr, 'searching', json);
  const found = new Found(task, unit, progress, json);
  try {
    await accelerate(task, {
      signal: stop.signal,
      onBegun: (begun) => found.begin(begun, first.network.name),
      onEvaluated: (evaluated) => found.add(evaluated),
    });
    progress.end();
    process.stdout.write(await found.written(out));
  } catch (error) {
    progress.end();
    if (error instanceof Interrupted && found.best) process.stdout.write(await found.written(out));
    throw error;
  } finally {
    stop.release();
  }
}

/** The evaluations so far, as they are shown and written. */
class Found {
  readonly #task: AccelerateTask;
  readonly #unit: Unit;
  readonly #progress: Progress;
  readonly #json: boolean;
  readonly #all: Evaluated[] = [];
  #begun: Begun | undefined;

  constructor(task: AccelerateTask, unit: Unit, progress: Progress, json: boolean) {
    this.#task = task;
    this.#unit = unit;
    this.#progress = progress;
    this.#json = json;
  }

  get best(): Evaluated | undefined {
    return bestOf(this.#all);
  }

  begin(begun: Begun, network: string): void {
    this.#begun = begun;
    const { name } = this.#task.space;
    this.#progress.say(begunText(network, begun, name));
    if (this.#json)
      process.stdout.write(
        `${JSON.stringify({ network, spaceName: name, priced: this.#unit, ...begun })}\n`,
      );
  }

  add(evaluated: Evaluated): void {
    const better = isBetter(evaluated, this.best);
    this.#all.push(evaluated);
    if (this.#json) process.stdout.write(`${JSON.stringify({ simulated: true, ...evaluated })}\n`);
    else if (better) this.#progress.say(evaluatedLine(evaluated, this.#unit));
    const { budget } = this.#task;
    const { length } = this.#all;
    this.#progress.update(length / budget, `${length} of ${budget} evaluated`);
  }

  /** Writes the accelerator; returns what is printed. Throws `ConfigError` where nothing was found. */
  async written(out: string): Promise<string> {
    const { best } = this;
    if (!best) {
      throw new ConfigError(nothingText(this.#all), { code: 'SEN_CFG_SEARCH_LIMITS' });
    }
    await writeDurably(out, Buffer.from(`${JSON.stringify(best.accelerator, undefined, 2)}\n`));
    const feasible = this.#all.filter(({ cost }) => cost !== undefined);
    if (!this.#json) {
      const table = foundText(this.#all, best, this.#others(), this.#unit);
      return `${table}\n\nwritten: ${out}\nNext: sentigon simulate <network> --accelerator ${out}\n`;
    }
    const front = paretoFront(feasible.map(({ price }) => figuresOf(price as Price))).map(
      (i) => feasible[i],
    );
    const { length } = this.#all;
    return `${JSON.stringify({ simulated: true, chosen: best, front, evaluated: length, file: out })}\n`;
  }

  /** The published presets that the network fits. */
  #others(): readonly Compared[] {
    const scale = this.#begun?.scale;
    return [...presets].flatMap(([name, accelerator]) => {
      const price = unlessImpossible(() => pricedOn(accelerator, this.#task));
      if (!scale || !price) return [];
      return { name, price, cost: weightedPrice(price, scale, weightsOf(this.#task)) };
    });
  }
}

function figuresOf({ latencyS, dynamicJ, leakageJ, areaMm2 }: Price): readonly number[] {
  return [latencyS, dynamicJ + leakageJ, areaMm2];
}

/** One network for each number of windows that accelerators take together. */
async function networksFor(
  path: string,
  batches: readonly number[],
  { mode, zeros: given, masksFrom, dataRoot }: AccelerateOptions,
): Promise<ReadonlyMap<number, Prepared>> {
  const networks = new Map<number, Prepared>();
  for (const windows of batches) {
    const found = await subject(path, windows);
    const work = found.network.work(mode);
    networks.set(windows, {
      work,
      zeros: await zerosOf(
        found,
        sharesFor(found.network, mode, given),
        masksFrom,
        dataRoots(dataRoot),
      ),
    });
  }
  return networks;
}

/** Windows of an epoch that a design without a card is priced for. */
const USUAL_EPOCH = 1000;

function unitOf({ model }: Subject, { mode, epoch }: AccelerateOptions): Unit {
  requireTraining(mode, epoch);
  if (mode === 'inference') return { windows: 1, name: 'a window' };
  const learnt = model && epochWindows(model.card.rows, model.windowLength);
  const windows = epoch ?? learnt ?? USUAL_EPOCH;
  return { windows, name: `an epoch of ${windows.toLocaleString('en')} windows` };
}

function objectivesOption(text: string): readonly Objective[] {
  const names = namesOption(text);
  const strange = names.find((name) => !OBJECTIVES.some((one) => one === name));
  if (strange !== undefined || names.length === 0) {
    throw new InvalidArgumentError(
      `Found '${strange ?? text}', expected some of ${OBJECTIVES.join(', ')}.`,
    );
  }
  if (new Set(names).size === names.length) return names as readonly Objective[];
  throw new InvalidArgumentError(`Found '${text}', expected each once.`);
}
