// The training loop of any program: minibatches, schedule, clipping, validation, early stopping; it can be stopped and
// resumed with the same bits.
import { CalibrationError } from '../../../core/errors.ts';
import type { Floats } from '../../../engine/floats.ts';
import { clipGradients, type Optimiser } from '../../../engine/optimisers/optimiser.ts';
import { createRandom, type Random, resumeRandom } from '../../../engine/random.ts';
import type { Program } from '../../../engine/tape/program.ts';
import { eventLoopPause } from '../trainer.ts';
import { lossOn, noteCheck } from './checks.ts';
import {
  type ChecksState,
  FILLING,
  type Fit,
  type FitCheckpoint,
  type FitOptions,
  type FitResult,
  requireFitting,
  requireSensible,
  stepsOf,
} from './contract.ts';
import { type ExampleOrder, exampleOrder } from './example-order.ts';

export function createFit(
  program: Program<Floats>,
  optimiser: Optimiser,
  options: FitOptions,
): Fit {
  requireSensible(options);
  return new Training(program, optimiser, options);
}

class Training implements Fit {
  readonly #program: Program<Floats>;
  readonly #optimiser: Optimiser;
  readonly #options: FitOptions;
  readonly #steps: number;
  readonly #order: ExampleOrder;
  readonly #draws: Random;
  readonly #inputs: readonly Floats[];
  readonly #lossView: Floats;
  /** The last weights for which loss and gradients were finite. */
  readonly #good: Floats;
  #step = 0;
  #last = { loss: Number.NaN, gradientNorm: Number.NaN };
  #checks: ChecksState = { step: 0, vain: 0 };

  constructor(program: Program<Floats>, optimiser: Optimiser, options: FitOptions) {
    const { training, batch, seed, inputs, from } = options;
    this.#program = program;
    this.#optimiser = optimiser;
    this.#options = options;
    this.#steps = stepsOf(options);
    this.#inputs = inputs.map((input) => program.valuesOf(input));
    this.#lossView = program.valuesOf(options.loss);
    if (from) this.#restore(from);
    this.#order = exampleOrder(training.count, batch, from?.order ?? seed, this.#step * batch);
    this.#draws = from ? resumeRandom(from.draws) : createRandom(seed + FILLING);
    this.#good = program.weights.slice();
  }

  async run(signal: AbortSignal): Promise<FitResult> {
    const pause = eventLoopPause(signal);
    for (;;) {
      signal.throwIfAborted();
      if (this.#checkIsDue()) await this.#check(pause);
      else if (this.#isOver()) return this.#finish();
      else this.#takeStep();
      this.#report();
      await pause();
    }
  }

  checkpoint(): FitCheckpoint {
    const { training, batch } = this.#options;
    const { best, ...checks } = this.#checks;
    return {
      step: this.#step,
      last: this.#last,
      weights: this.#program.weights.slice(),
      optimiser: Object.fromEntries(this.#optimiser.state()),
      order: this.#order.state(),
      draws: this.#draws.state(),
      checks: { ...checks, ...(best && { best: { ...best, weights: best.weights.slice() } }) },
      examples: training.count,
      batch,
    };
  }

  #restore(from: FitCheckpoint): void {
    const { weights } = this.#program;
    const { training, batch } = this.#options;
    requireFitting(from, { weights: weights.length, examples: training.count, batch });
    weights.set(from.weights);
    this.#optimiser.restore(new Map(Object.entries(from.optimiser)));
    this.#step = from.step;
    this.#last = from.last;
    this.#checks = from.checks;
  }

  #takeStep(): void {
    const { training, rate, clipNorm, around } = this.#options;
    const program = this.#program;
    training.fill(this.#order.next(), this.#inputs, this.#draws);
    program.state.training = true;
    program.state.step = this.#step;
    around?.begin(this.#step);
    program.forward();
    program.backward();
    const loss = this.#lossView[0] as number;
    const gradientNorm = clipGradients(program.gradients, clipNorm);
    this.#requireFinite('loss', loss, this.#step + 1);
    this.#requireFinite('norm of the gradients', gradientNorm, this.#step + 1);
    this.#good.set(program.weights);
    this.#optimiser.step(rate?.(this.#step));
    around?.end(loss);
    this.#last = { loss, gradientNorm };
    this.#step++;
  }

  #checkIsDue(): boolean {
    const { validation } = this.#options;
    if (!validation || this.#step === this.#checks.step) return false;
    return this.#step % validation.every === 0 || this.#step === this.#steps;
  }

  async #check(pause: () => Promise<void>): Promise<void> {
    const { validation } = this.#options;
    if (!validation) return;
    const loss = await lossOn(this.#program, validation, this.#options, pause);
    this.#requireFinite('validation loss', loss, this.#step);
    this.#checks = noteCheck(this.#checks, this.#step, loss, this.#program.weights);
  }

  #isOver(): boolean {
    const patience = this.#options.validation?.patience ?? Number.POSITIVE_INFINITY;
    return this.#step >= this.#steps || this.#checks.vain >= patience;
  }

  #finish(): FitResult {
    const { best } = this.#checks;
    if (best) this.#program.weights.set(best.weights);
    else this.#requireFinite('sum of the weights', sumOf(this.#program.weights), this.#step);
    const end = { steps: this.#step, loss: this.#last.loss };
    return best ? { ...end, best: { step: best.step, loss: best.loss } } : end;
  }

  #requireFinite(what: string, value: number, step: number): void {
    if (Number.isFinite(value)) return;
    this.#program.weights.set(this.#good);
    throw new CalibrationError(
      `the training stopped at step ${step} of ${this.#steps}: the ${what} is ${value}. The last weights with ` +
        'finite values are kept: lower the learning rate, clip gradients, or look for non-finite values in the data',
      { code: 'SEN_CAL_DIVERGED' },
    );
  }

  #report(): void {
    const rate = this.#options.rate?.(this.#step - 1);
    const validationLoss = this.#checks.lastLoss;
    this.#options.progress?.({
      fraction: this.#step / this.#steps,
      step: this.#step,
      steps: this.#steps,
      ...this.#last,
      ...(rate !== undefined && { rate }),
      ...(validationLoss !== undefined && { validationLoss }),
    });
  }
}

function sumOf(values: Floats): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
