import { describe, expect, it } from 'vitest';
import { CalibrationError } from '../../../../src/core/errors.ts';
import type { ExampleSet } from '../../../../src/detectors/training/fit/contract.ts';
import type { Floats } from '../../../../src/engine/floats.ts';
import { adam } from '../../../../src/engine/optimisers/adam.ts';
import { sgd } from '../../../../src/engine/optimisers/sgd.ts';
import { examples, type MakeOptimiser, start } from './regression.ts';

const never = new AbortController().signal;

describe('fit, when numbers are no longer finite', () => {
  it('names the step and keeps the last good weights: a value in the data', async () => {
    const inner = examples(12);
    const training = {
      ...inner,
      fill(...given: Parameters<ExampleSet['fill']>) {
        inner.fill(...given);
        const [rows, into] = given;
        const place = rows.indexOf(5);
        if (place >= 0) (into[0] as Floats)[3 * place] = Number.NaN;
      },
    };
    const weights: Floats[] = [];
    const { program, fitting } = start({
      duration: { steps: 9 },
      training,
      progress: () => weights.push(program.weights.slice()),
    });
    const first = program.weights.slice();
    const failure = await fitting.run(never).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CalibrationError);
    // The step after those that were reported; what is kept was good for the one before.
    expect((failure as Error).message).toContain(
      `stopped at step ${weights.length + 1} of 9: the loss is NaN`,
    );
    expect(program.weights).toEqual(weights.at(-2) ?? first);
  });

  it('names the step and keeps the last good weights: a rate that is too high', async () => {
    const wild: MakeOptimiser = (program) => sgd(program, { rate: 1e9 });
    const { program, fitting } = start({ duration: { steps: 100 } }, wild);
    await expect(fitting.run(never)).rejects.toThrow(/stopped at step \d+ of 100: the (loss|norm)/);
    expect(program.weights.every(Number.isFinite)).toBe(true);
  });

  it('notices when it was the last step', async () => {
    const broken: MakeOptimiser = (program) => ({
      ...adam(program),
      step: () => program.weights.fill(Number.NaN),
    });
    const { program, fitting } = start({ duration: { steps: 1 } }, broken);
    const first = program.weights.slice();
    await expect(fitting.run(never)).rejects.toThrow(
      'at step 1 of 1: the sum of the weights is NaN',
    );
    expect(program.weights).toEqual(first);
  });

  it('keeps the best weights of the checks before', async () => {
    const validation = { ...examples(8), every: 1 };
    let calls = 0;
    const breaking: MakeOptimiser = (program) => {
      const inner = adam(program);
      return {
        ...inner,
        step: () => (++calls > 3 ? program.weights.fill(Number.NaN) : inner.step()),
      };
    };
    const { fitting } = start({ duration: { steps: 9 }, validation }, breaking);
    await expect(fitting.run(never)).rejects.toThrow('at step 4 of 9: the validation loss is NaN');
    expect(fitting.checkpoint().checks.best?.weights.every(Number.isFinite)).toBe(true);
  });
});
