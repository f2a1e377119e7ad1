// Training that leaves small activations and gradients out of its products, with thresholds that follow the training.
// Tuli and Jha 2023, "TransCODE: co-design of transformers and accelerators for efficient training and inference" (DynaProp).
// Departs from it: what is pruned is the gradient of each product's result, before both backward products, not the gradient of
// the weights after them, which saves nothing; whole rows are left out. Products of attention stay dense.
import { z } from 'zod';
import { ConfigError } from '../../../core/errors.ts';
import type { Floats } from '../../../engine/floats.ts';
import { quantile } from '../../../engine/statistics.ts';
import type { Operand, Pruning, Tape } from '../../../engine/tape/tape.ts';
import { isActivation, type ModelPruning, PRUNING_FORMS } from '../../../models/pruning.ts';
import type { TrainingContext } from '../../training/trainer.ts';
import type { TrainingProducts } from './training-products.ts';

export const dynapropOptions = z.strictObject({
  activations: z
    .number()
    .min(0)
    .max(0.95)
    .default(0.5)
    .describe('Share of the activations that products leave out, in training and in the model'),
  gradients: z
    .number()
    .min(0)
    .max(0.95)
    .default(0.7)
    .describe('Share of the rows of gradients that the products of the way back leave out'),
  form: z
    .enum(PRUNING_FORMS)
    .default('columns')
    .describe('What is left out of activations: whole columns of a window, or single elements'),
  stochastic: z
    .boolean()
    .default(true)
    .describe(
      'Whether some small rows of gradients are kept by chance and made greater, so that the mean stays; false leaves out more, and learns much less',
    ),
});

export type DynapropOptions = z.infer<typeof dynapropOptions>;

/** Share of the steps that is dense, at the start, and share in which the sparsity grows from 0 to what is asked for. */
const [DENSE_SHARE, RAMP_SHARE] = [0.05, 0.2];
/** Steps between two measurements of the thresholds; fewer in a training with fewer measurements than the second. */
const [REFRESH_STEPS, LEAST_REFRESHES] = [50, 100];
/** Weight of the threshold until now, against the one just measured. */
const THRESHOLD_MEMORY = 0.9;
/** Weight of the losses until now in their mean, and how many times as much is a leap. */
const [LOSS_MEMORY, LEAP] = [0.9, 2];
/** No threshold: all is kept. */
const OFF = -1;

interface PrunedOperand {
  readonly operand: Operand;
  /** Undefined: it is not pruned; the same for the gradient. */
  readonly forward: MovingThreshold | undefined;
  readonly gradient: MovingThreshold | undefined;
}

/** The thresholds of one training. Call `begin` before each step and `end` after it. */
export class Dynaprop {
  /** For the tape that is trained; its thresholds change in place. */
  readonly pruning: Readonly<Record<string, Pruning>>;
  readonly #options: DynapropOptions;
  readonly #steps: number;
  readonly #operands: readonly PrunedOperand[];
  /** Thresholds of the model, each from so many steps on, oldest first. */
  readonly #history: { readonly from: number; readonly pruning: ModelPruning }[] = [];
  #step = 0;
  #meanLoss: number | undefined;
  #leapt = false;

  /** `tape` has the same network, with any batch. */
  constructor(
    tape: Pick<Tape, 'steps'>,
    options: DynapropOptions,
    { steps, seed }: { readonly steps: number; readonly seed: number },
  ) {
    const { form, stochastic, activations, gradients } = options;
    this.#options = options;
    this.#steps = steps;
    this.#operands = tape.steps
      .filter(({ kind }) => kind === 'linear')
      .flatMap(({ operands = [] }) => operands)
      .map((operand) => {
        const isPruned = activations > 0 && isActivation(operand.tensor, tape);
        const forward = isPruned ? new MovingThreshold(sizesOf(operand, form)) : undefined;
        const back = gradients > 0 ? new MovingThreshold(rowSizes(operand.columns)) : undefined;
        return { operand, forward, gradient: back };
      });
    const entries = this.#operands.map(
      ({ operand, forward, gradient }, place): [string, Pruning] => [
        operand.name,
        {
          form,
          get threshold() {
            return forward?.threshold ?? OFF;
          },
          get watch() {
            return forward?.watch;
          },
          gradient: gradient && {
            seed: stochastic ? seed + place : undefined,
            get threshold() {
              return gradient.threshold;
            },
            get watch() {
              return gradient.watch;
            },
          },
        },
      ],
    );
    this.pruning = Object.fromEntries(entries);
  }

  /** Sets the thresholds of this step, counted from 0; every so often it measures new ones. */
  begin(step: number): void {
    this.#step = step;
    const growth = this.#growth();
    const isDense = growth === 0 || this.#leapt;
    const refreshes = Math.floor(this.#steps / LEAST_REFRESHES);
    const measures = growth > 0 && step % Math.max(1, Math.min(REFRESH_STEPS, refreshes)) === 0;
    const { activations, gradients } = this.#options;
    for (const { forward, gradient } of this.#operands) {
      forward?.begin(isDense, measures ? growth * activations : undefined);
      gradient?.begin(isDense, measures ? growth * gradients : undefined);
    }
  }

  /** `loss` is that of the step just taken. A leap makes the next step dense. */
  end(loss: number): void {
    this.#leapt = this.#meanLoss !== undefined && loss > LEAP * this.#meanLoss;
    this.#meanLoss = mixed(this.#meanLoss, loss, LOSS_MEMORY);
    for (const { forward, gradient } of this.#operands)
      for (const each of [forward, gradient]) each?.end();
    const thresholds = this.#operands.flatMap(({ operand, forward }) =>
      forward && forward.threshold >= 0 ? [[operand.name, forward.threshold] as const] : [],
    );
    const pruning = Object.fromEntries(
      thresholds.map(([name, threshold]) => [
        name,
        { form: this.#options.form, threshold: Math.fround(threshold) },
      ]),
    );
    this.#history.push({ from: this.#step + 1, pruning });
  }

  /** Thresholds that the weights after so many steps were trained with. */
  thresholdsAt(steps: number): ModelPruning {
    return this.#history.findLast(({ from }) => from <= steps)?.pruning ?? {};
  }

  /** 0 while the training is dense, then growing to 1. */
  #growth(): number {
    const progress = this.#step / this.#steps - DENSE_SHARE;
    return Math.min(1, Math.max(0, progress / RAMP_SHARE));
  }
}

/** For a network that is to be trained with the options; undefined without `dynaprop`. Throws `ConfigError` on TensorFlow. */
export function dynapropFor(
  tape: Pick<Tape, 'steps'>,
  { dynaprop, steps }: { readonly dynaprop?: DynapropOptions | undefined; readonly steps: number },
  { kernels, seed }: Pick<TrainingContext, 'kernels' | 'seed'>,
): Dynaprop | undefined {
  if (!dynaprop) return undefined;
  if (kernels.name === 'tensorflow') {
    throw new ConfigError(
      'dynaprop leaves parts of products out, which TensorFlow cannot: set engine to auto, or leave dynaprop out',
      { code: 'SEN_CFG_OPTION' },
    );
  }
  return new Dynaprop(tape, dynaprop, { steps, seed });
}

/** The same context, whose training `products` counts. */
export function countedBy(
  products: TrainingProducts | undefined,
  context: TrainingContext,
): TrainingContext {
  return products ? { ...context, kernels: products.kernels } : context;
}

/** The design with the thresholds of the weights after so many steps, and with what the training left out. */
export function withThresholds<Design extends object>(
  design: Design,
  dynaprop: Dynaprop | undefined,
  steps: number,
  products: TrainingProducts | undefined,
): Design {
  if (!dynaprop) return design;
  const trained = products?.made;
  return { ...design, pruning: dynaprop.thresholdsAt(steps), ...(trained && { trained }) };
}

/** The threshold of a share of sizes that change while a network learns. */
class MovingThreshold {
  /** In force. */
  threshold = OFF;
  watch: ((values: Floats) => void) | undefined;
  readonly #sizesOf: (values: Floats) => Float64Array;
  /** Undefined before the first measurement. */
  #learnt: number | undefined;

  constructor(sizesOf: (values: Floats) => Float64Array) {
    this.#sizesOf = sizesOf;
  }

  /** `share` is what the threshold should leave out, if it is to be measured in this step. */
  begin(isDense: boolean, share: number | undefined): void {
    if (isDense) this.threshold = OFF;
    if (share === undefined) return;
    this.watch = (values) => {
      const found = quantile(this.#sizesOf(values), share);
      this.#learnt = mixed(this.#learnt, found, THRESHOLD_MEMORY);
    };
  }

  end(): void {
    this.watch = undefined;
    this.threshold = this.#learnt ?? OFF;
  }
}

function mixed(before: number | undefined, now: number, memory: number): number {
  return before === undefined ? now : memory * before + (1 - memory) * now;
}

/** What is compared with the threshold of an operand: its elements, or the greatest of each column of a window. */
function sizesOf(
  { tensor, rows }: Operand,
  form: Pruning['form'],
): (values: Floats) => Float64Array {
  if (form === 'elements') return (values) => Float64Array.from(values, Math.abs);
  const width = tensor.shape.at(-1) ?? 1;
  return (values) => {
    const sizes = new Float64Array(values.length / rows);
    for (let at = 0; at < values.length; at++) {
      const place = Math.floor(at / (rows * width)) * width + (at % width);
      sizes[place] = Math.max(sizes[place] as number, Math.abs(values[at] as number));
    }
    return sizes;
  };
}

function rowSizes(width: number): (values: Floats) => Float64Array {
  return (values) => {
    const sizes = new Float64Array(values.length / width);
    for (let at = 0; at < values.length; at++) {
      const row = Math.floor(at / width);
      sizes[row] = Math.max(sizes[row] as number, Math.abs(values[at] as number));
    }
    return sizes;
  };
}
