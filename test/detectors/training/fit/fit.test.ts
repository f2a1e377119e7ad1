import { describe, expect, it } from 'vitest';
import { WeightsError } from '../../../../src/core/errors.ts';
import type {
  FitCheckpoint,
  FitProgress,
} from '../../../../src/detectors/training/fit/contract.ts';
import { adahessian } from '../../../../src/engine/optimisers/adahessian.ts';
import { adam, adamw } from '../../../../src/engine/optimisers/adam.ts';
import { lossByWeights } from '../../../../src/engine/optimisers/differentiable.ts';
import { warmUpCosineRate } from '../../../../src/engine/optimisers/rate-schedules.ts';
import { sgd } from '../../../../src/engine/optimisers/sgd.ts';
import { examples, type MakeOptimiser, start } from './regression.ts';

const never = new AbortController().signal;

const fast: MakeOptimiser = (program) => adam(program, { rate: 0.05 });

describe('fit', () => {
  it('learns', async () => {
    const losses: number[] = [];
    const { fitting } = start(
      { duration: { epochs: 60 }, progress: ({ loss }) => losses.push(loss) },
      fast,
    );
    const { steps, loss, best } = await fitting.run(never);
    expect(steps).toBe((60 * 30) / 4);
    expect(losses).toHaveLength(steps);
    expect(loss).toBe(losses.at(-1));
    expect(losses[0]).toBeGreaterThan(1);
    expect(loss).toBeLessThan(1e-4);
    expect(best).toBeUndefined();
  });

  it('reports steps, rates and norms, and clips', async () => {
    const seen: FitProgress[] = [];
    const rate = warmUpCosineRate({ rate: 0.01, warmUp: 2, steps: 6 });
    const clipNorm = 0.5;
    const descent: MakeOptimiser = (program) => sgd(program, { rate: 9 });
    const { program, fitting } = start(
      { duration: { steps: 6 }, rate, clipNorm, progress: (p) => seen.push(p) },
      descent,
    );
    const before = program.weights.slice();
    await fitting.run(never);
    expect(seen.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(seen.map(({ rate }) => rate)).toEqual([0, 1, 2, 3, 4, 5].map(rate));
    expect(seen.at(-1)).toMatchObject({ fraction: 1, steps: 6 });
    for (const { gradientNorm } of seen) expect(gradientNorm).toBeGreaterThan(clipNorm);
    const moved = Math.hypot(...program.weights.map((w, i) => w - (before[i] as number)));
    const most = seen.reduce((sum, { rate = 0 }) => sum + rate * clipNorm, 0);
    expect(moved).toBeLessThanOrEqual(most * 1.0001);
    expect(moved).toBeGreaterThan(most / 2);
  });

  describe('when it is stopped', () => {
    const optimisers: Record<string, MakeOptimiser> = {
      adamw: (program) => adamw(program, { rate: 0.02 }),
      'sgd with momentum': (program) => sgd(program, { rate: 0.01, momentum: 0.9 }),
      adahessian: (program) => adahessian(lossByWeights(program), { seed: 4, rate: 0.1 }),
    };
    // Draws when it fills, so that these have to be resumed as well.
    const training = examples(10, { noise: 0.3 });
    const settings = {
      duration: { steps: 23 },
      training,
      rate: warmUpCosineRate({ rate: 0.05, warmUp: 4, steps: 23 }),
      clipNorm: 3,
      validation: { ...examples(7, { noise: 0.1 }), every: 5, patience: 50 },
    };

    /** The checkpoint it leaves when it is aborted in a step; through a structured clone, as between threads. */
    async function stoppedAt(step: number, optimiser: MakeOptimiser) {
      const abort = new AbortController();
      const reason = new Error('enough');
      const progress = (now: FitProgress) => {
        if (now.step === step) abort.abort(reason);
      };
      const { fitting } = start({ ...settings, progress }, optimiser);
      await expect(fitting.run(abort.signal)).rejects.toBe(reason);
      return { fitting, checkpoint: structuredClone(fitting.checkpoint()) };
    }

    describe.each(Object.entries(optimisers))('%s', (_, optimiser) => {
      // In and at the end of a pass of ten examples, between a step and its check, and with only a check to do.
      it.each([1, 5, 7, 20, 23])('goes on with the same bits after step %i', async (step) => {
        const whole = start(settings, optimiser);
        const expected = await whole.fitting.run(never);

        const { checkpoint } = await stoppedAt(step, optimiser);
        expect(checkpoint.step).toBe(step);
        const resumed = start({ ...settings, from: checkpoint }, optimiser);
        expect(await resumed.fitting.run(never)).toEqual(expected);
        expect(resumed.program.weights).toEqual(whole.program.weights);
        expect(resumed.fitting.checkpoint()).toEqual(whole.fitting.checkpoint());
      });
    });

    it('goes on when it is run again', async () => {
      const whole = start(settings);
      const expected = await whole.fitting.run(never);
      const { fitting } = await stoppedAt(9, adam);
      expect(await fitting.run(never)).toEqual(expected);
    });

    it('lets timers run meanwhile', async () => {
      const { fitting } = start({ duration: { steps: 1e9 } });
      await expect(fitting.run(AbortSignal.timeout(20))).rejects.toThrow('timeout');
      expect(fitting.checkpoint().step).toBeGreaterThan(0);
    });

    it('refuses a checkpoint of other weights or examples', async () => {
      const { checkpoint } = await stoppedAt(3, adam);
      const with_ = (from: FitCheckpoint) => () => start({ ...settings, from });
      expect(with_({ ...checkpoint, examples: 11 })).toThrow(
        '11 examples in batches of 4, this one has',
      );
      expect(with_({ ...checkpoint, weights: new Float32Array(3) })).toThrow(WeightsError);
      expect(with_({ ...checkpoint, optimiser: {} })).toThrow('the saved state has nothing');
    });
  });

  it('leaves what lies between parameters alone', async () => {
    const second: MakeOptimiser = (program) => adahessian(lossByWeights(program), { seed: 4 });
    const { program, fitting } = start({ duration: { steps: 5 } }, second);
    await fitting.run(never);
    // Parameters begin on lines of 16, the first is 3x5.
    expect(program.weights[14]).not.toBe(0);
    expect(program.weights[15]).toBe(0);
  });

  it('refuses counts that are none', () => {
    expect(() => start({ duration: { steps: 0 } })).toThrow('steps is 0');
    expect(() => start({ duration: { steps: 1 }, batch: 0.5 })).toThrow('batch is 0.5');
    expect(() => start({ duration: { steps: 1 }, training: examples(0) })).toThrow(
      'training.count is 0',
    );
    const validation = { ...examples(3), every: 0 };
    expect(() => start({ duration: { steps: 1 }, validation })).toThrow('validation.every is 0');
  });
});
