// What the products of a training really multiply, forward and back, counted by the engine as it runs.
import type { Kernels } from '../../../engine/discriminator-kernels.ts';
import type { MultiplicationCounter } from '../../../engine/tape/counting.ts';
import type { TrainingShares } from '../../../models/pruning.ts';

const none = (): MultiplicationCounter => ({ issued: 0, skipped: 0 });

/** Counts all steps of the programs that `kernels` compile; what only looks forward, as a validation does, is not counted. */
export class TrainingProducts {
  readonly kernels: Kernels;
  readonly #forward = none();
  readonly #back = none();

  constructor(kernels: Kernels) {
    this.kernels = {
      ...kernels,
      compile: (tape, options) =>
        options?.loss ? this.#counted(kernels, tape, options) : kernels.compile(tape, options),
    };
  }

  /** Shares that were multiplied; undefined where nothing was left out. */
  get made(): TrainingShares | undefined {
    const [forward, back] = [this.#forward, this.#back];
    if (forward.skipped + back.skipped === 0) return undefined;
    return { forward: madeOf(forward), back: madeOf(back) };
  }

  #counted(kernels: Kernels, ...[tape, options]: Parameters<Kernels['compile']>) {
    const counter = none();
    const program = kernels.compile(tape, { ...options, counter });
    let before = none();
    return {
      ...program,
      forward: () => {
        Object.assign(counter, none());
        program.forward();
        before = { ...counter };
      },
      backward: () => {
        Object.assign(counter, none());
        program.backward();
        add(this.#forward, before);
        add(this.#back, counter);
      },
    };
  }
}

function add(to: MultiplicationCounter, { issued, skipped }: MultiplicationCounter): void {
  to.issued += issued;
  to.skipped += skipped;
}

function madeOf({ issued, skipped }: MultiplicationCounter): number {
  return issued / (issued + skipped);
}
