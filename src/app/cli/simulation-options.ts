// What `sentigon simulate` and `sentigon accelerate` ask alike: mode, zeros, loops and lanes.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import type { FixedRules } from '../../lab/simulator/kind.ts';
import { type SimulationOptions, USUAL_RULES } from '../../lab/simulator/simulate.ts';
import { LANE_MODELS, LOOP_ORDERS } from '../../lab/simulator/tiles.ts';
import { PUBLISHED_ZEROS, type Shares } from '../../lab/simulator/zeros.ts';
import { DATA_ROOT_HELP } from './data-sets.ts';

export interface RulesOptions {
  readonly mode: SimulationOptions['mode'];
  readonly zeros?: Shares;
  readonly masksFrom?: string;
  readonly dataRoot?: string;
  readonly order: string;
  readonly lanes: SimulationOptions['lanes'];
}

/** `all`: whether all orders of the loops may be asked for at once. */
export function withRules(command: Command, { all }: { readonly all: boolean }): Command {
  return command
    .addOption(
      new Option('--mode <mode>', 'what is simulated: scoring, or a step of training')
        .choices(['inference', 'training'])
        .default('inference'),
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
      `loops of products, outermost first: b windows, i rows, j columns, k inner${all ? '; or all' : ''}`,
      (text) => orderOption(text, all),
      USUAL_RULES.order,
    )
    .addOption(
      new Option('--lanes <model>', 'how a lane takes the products that are not zero')
        .choices(LANE_MODELS)
        .default(USUAL_RULES.lanes),
    );
}

/** Throws `ConfigError` for an order of the loops or a model of the lanes where both are fixed; `name` is that of the accelerators. */
export function requireRules(
  name: string,
  fixed: FixedRules | undefined,
  { order, lanes }: Pick<RulesOptions, 'order' | 'lanes'>,
): void {
  const isUsual = order === USUAL_RULES.order && lanes === USUAL_RULES.lanes;
  if (isUsual || !fixed) return;
  throw new ConfigError(`${name} ${fixed.why}: leave out --order and --lanes`, {
    code: 'SEN_CFG_OPTION',
  });
}

/** Throws `ConfigError` for an epoch of what is no training. */
export function requireTraining(mode: RulesOptions['mode'], epoch: number | undefined): void {
  if (mode === 'training' || epoch === undefined) return;
  throw new ConfigError('--epoch is of a training: add --mode training, or leave it out', {
    code: 'SEN_CFG_OPTION',
  });
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

function orderOption(text: string, all: boolean): string {
  if ((all && text === 'all') || LOOP_ORDERS.includes(text)) return text;
  throw new InvalidArgumentError(
    `Expected the letters b, i, j and k, each once${all ? ', or all' : ''}.`,
  );
}
