import { describe, expect, it } from 'vitest';
import type { ExampleSet, FitProgress } from '../../../../src/detectors/training/fit/contract.ts';
import type { Floats } from '../../../../src/engine/floats.ts';
import { adam } from '../../../../src/engine/optimisers/adam.ts';
import { examples, type MakeOptimiser, start } from './regression.ts';

const never = new AbortController().signal;

const fast: MakeOptimiser = (program) => adam(program, { rate: 0.05 });

describe('fit with validation', () => {
  /** What is learnt leads past what is validated: the loss falls first, and then rises for ever. */
  const passing = {
    duration: { steps: 400 },
    training: examples(30, { shift: 8 }),
    validation: { ...examples(30), every: 10, patience: 3 },
  };

  it('stops when it gets no better, with the best weights', async () => {
    const losses = new Map<number, number>();
    const at = new Map<number, Floats>();
    const { program, fitting } = start(
      {
        ...passing,
        progress: ({ step, validationLoss }) => {
          if (step % 10 !== 0 || validationLoss === undefined) return;
          losses.set(step, validationLoss);
          at.set(step, program.weights.slice());
        },
      },
      fast,
    );
    const { steps, best } = await fitting.run(never);
    const least = Math.min(...losses.values());
    expect(best?.loss).toBe(least);
    expect(losses.get(best?.step ?? 0)).toBe(least);
    expect(steps).toBe((best?.step ?? 0) + 30);
    expect(steps).toBeLessThan(400);
    expect(program.weights).toEqual(at.get(best?.step ?? 0));
  });

  it('remembers the best weights and its patience when it is stopped', async () => {
    const whole = start(passing, fast);
    const expected = await whole.fitting.run(never);
    const abort = new AbortController();
    // Ten steps before the end: the best weights are twenty steps old.
    const progress = ({ step }: FitProgress) => {
      if (step === expected.steps - 10) abort.abort();
    };
    const stopped = start({ ...passing, progress }, fast);
    await expect(stopped.fitting.run(abort.signal)).rejects.toThrow('aborted');
    const from = structuredClone(stopped.fitting.checkpoint());
    const resumed = start({ ...passing, from }, fast);
    expect(await resumed.fitting.run(never)).toEqual(expected);
    expect(resumed.program.weights).toEqual(whole.program.weights);
  });

  it('goes on to the end without patience, and checks the last step', async () => {
    const { patience: _, ...validation } = passing.validation;
    const checked: number[] = [];
    const { fitting } = start({
      ...passing,
      duration: { steps: 37 },
      validation: { ...validation, fill: (...given) => validation.fill(...given) },
      progress: ({ step, validationLoss }) => {
        if (validationLoss !== undefined) checked.push(step);
      },
    });
    expect((await fitting.run(never)).steps).toBe(37);
    expect(
      checked.filter((step, i) => checked[i + 1] === step || i + 1 === checked.length),
    ).toContain(37);
  });

  it('takes the mean over all examples, with nothing dropped out', async () => {
    const met: number[] = [];
    const states: boolean[] = [];
    const inner = examples(6);
    const validation = {
      ...inner,
      every: 1,
      fill(...given: Parameters<ExampleSet['fill']>) {
        met.push(...given[0]);
        inner.fill(...given);
      },
    };
    const { program, fitting } = start({ duration: { steps: 1 }, validation });
    // As if it had scored before.
    program.state.training = false;
    const { forward } = program;
    program.forward = () => {
      states.push(program.state.training);
      forward();
    };
    await fitting.run(never);
    expect(met).toEqual([0, 1, 2, 3, 4, 5, 0, 1]);
    expect(states).toEqual([true, false, false]);
    expect(program.state.training).toBe(true);
  });
});
