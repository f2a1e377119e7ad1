// Training with small activations and gradients left out: off it changes no bit, on it leaves out what was asked for.
import { describe, expect, it } from 'vitest';
import { encoder } from '../../../../src/detectors/encoder/train.ts';
import { forecaster } from '../../../../src/detectors/forecaster/train.ts';
import { Dynaprop, dynapropOptions } from '../../../../src/detectors/networks/training/dynaprop.ts';
import { TrainingProducts } from '../../../../src/detectors/networks/training/training-products.ts';
import type { FitProgress } from '../../../../src/detectors/training/fit/contract.ts';
import { loadKernels } from '../../../../src/engine/kernels/load.ts';
import { meanSquaredError } from '../../../../src/engine/ops/losses.ts';
import { adamw } from '../../../../src/engine/optimisers/adam.ts';
import { createRandom } from '../../../../src/engine/random.ts';
import { type Pruning, Tape } from '../../../../src/engine/tape/tape.ts';
import type { DesignPoint } from '../../../../src/models/design-point.ts';
import { encode } from '../../../../src/models/encoder.ts';
import { initialiseNetwork, project } from '../../../../src/models/layers.ts';
import type { TrainingShares } from '../../../../src/models/pruning.ts';
import { toySeries } from '../../training/toy-series.ts';

const kernels = await loadKernels('wasm-simd');
const head = { op: 'attention', form: 'scaled' } as const;
const point: DesignPoint = {
  layers: [{ hidden: 16, heads: [head, head], feedForward: [32] }],
  activation: 'relu',
};
const [BATCH, ROWS, WIDTH] = [12, 8, 3];

/** Learns sums of random inputs; returns the loss of each step, the multiplications, and the schedule. */
function trained(
  options: { pruning?: Readonly<Record<string, Pruning>>; dynaprop?: Dynaprop },
  steps: number,
) {
  const pruning = options.dynaprop?.pruning ?? options.pruning;
  const { tape, x, y } = network(pruning);
  const target = tape.input(y.shape);
  const loss = meanSquaredError(tape, y, target);
  const counter = { issued: 0, skipped: 0 };
  const program = kernels.compile(tape, { loss, counter });
  initialiseNetwork(program.parameters, createRandom(1));
  const optimiser = adamw(program, { weightDecay: 0.01 });
  const random = createRandom(2);
  const [inputs, targets] = [program.valuesOf(x), program.valuesOf(target)];
  const losses: number[] = [];
  let last = { issued: 0, skipped: 0 };
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < inputs.length; i++) inputs[i] = random.normal();
    targets.set(targets.map((_, i) => (inputs[i] as number) + (inputs[i - (i % WIDTH)] as number)));
    last = { ...counter };
    program.state.step = step;
    options.dynaprop?.begin(step);
    program.forward();
    program.backward();
    options.dynaprop?.end(program.valuesOf(loss)[0] as number);
    optimiser.step(3e-3);
    losses.push(program.valuesOf(loss)[0] as number);
  }
  const skipped = counter.skipped - last.skipped;
  return { losses, counter, ofLastStep: skipped / (skipped + counter.issued - last.issued) };
}

function network(pruning?: Readonly<Record<string, Pruning>>) {
  const tape = new Tape({ pruning });
  const x = tape.input([BATCH, ROWS, WIDTH]);
  return { tape, x, y: project(tape, encode(tape, point, x, { patch: 1 }), WIDTH, 'output') };
}

function scheduleOf(options: Parameters<typeof dynapropOptions.parse>[0], steps: number): Dynaprop {
  return new Dynaprop(network().tape, dynapropOptions.parse(options), { steps, seed: 5 });
}

describe('dynaprop', () => {
  it('that leaves nothing out has the losses of a dense training, bit by bit', () => {
    const names = network().tape.steps.flatMap(({ operands = [] }) => operands);
    const off = { form: 'columns', threshold: -1, gradient: { threshold: -1 } } as const;
    const all = { form: 'elements', threshold: -1, gradient: { threshold: 0 } } as const;
    const dense = trained({}, 100).losses;
    for (const pruning of [off, all]) {
      const entries = names.map(({ name }): [string, Pruning] => [name, pruning]);
      expect(trained({ pruning: Object.fromEntries(entries) }, 100).losses).toEqual(dense);
    }
  });

  it.each([
    { activations: 0.5, gradients: 0.7 },
    { activations: 0.3, gradients: 0.5, form: 'elements' as const },
    { activations: 0, gradients: 0.7, stochastic: true },
  ])(
    'learns with $activations of the activations and $gradients of the gradients left out',
    (options) => {
      const steps = 250;
      const dynaprop = scheduleOf(options, steps);
      const found = trained({ dynaprop }, steps);
      const dense = trained({}, steps);
      const end = (losses: readonly number[]) =>
        losses.slice(-20).reduce((sum, loss) => sum + loss, 0) / 20;
      expect(end(found.losses)).toBeLessThan(0.3 * end(dense.losses.slice(0, 30)));
      expect(found.ofLastStep).toBeGreaterThan(0.15);
      const { issued, skipped } = found.counter;
      expect((issued + skipped) / dense.counter.issued).toBeCloseTo(1, 9);
    },
  );

  it('asked to leave out a share of 0 has the losses of a dense training, bit by bit (#23)', () => {
    const dynaprop = scheduleOf({ activations: 0, gradients: 0 }, 100);
    expect(trained({ dynaprop }, 100).losses).toEqual(trained({}, 100).losses);
    expect(dynaprop.thresholdsAt(100)).toEqual({});
  });

  it('keeps some small rows by chance unless told otherwise: without them the mean is another, and it learns less (#23)', () => {
    const steps = 250;
    const end = (options: { readonly stochastic?: boolean }) => {
      const dynaprop = scheduleOf({ activations: 0, gradients: 0.9, ...options }, steps);
      const { losses } = trained({ dynaprop }, steps);
      return losses.slice(-20).reduce((sum, loss) => sum + loss, 0) / 20;
    };
    const [usual, greatestAlone] = [end({}), end({ stochastic: false })];
    expect(usual).toBeLessThan(0.7 * greatestAlone);
    expect(usual).toBe(end({ stochastic: true }));
  });

  it('leaves nothing out at first, and then more and more', () => {
    const steps = 200;
    const dynaprop = scheduleOf({}, steps);
    trained({ dynaprop }, steps);
    expect(dynaprop.thresholdsAt(0)).toEqual({});
    expect(dynaprop.thresholdsAt(9)).toEqual({});
    const of = (step: number) => dynaprop.thresholdsAt(step)['layer1.feed.output']?.threshold;
    expect(of(30) as number).toBeGreaterThanOrEqual(0);
    expect(of(190) as number).toBeGreaterThan(of(20) as number);
    expect(Object.keys(dynaprop.thresholdsAt(190)).sort()).toEqual([
      'layer1.feed.output',
      'layer1.heads.output',
    ]);
  });

  it('takes a dense step where the loss doubles', () => {
    const dynaprop = scheduleOf({}, 100);
    const inForce = () => dynaprop.pruning['output']?.gradient?.threshold;
    const values = Float32Array.from({ length: BATCH * ROWS * WIDTH }, (_, i) => i);
    const step = (at: number, loss: number) => {
      dynaprop.begin(at);
      const found = inForce();
      dynaprop.pruning['output']?.gradient?.watch?.(values);
      dynaprop.end(loss);
      return found;
    };
    for (let at = 0; at < 60; at++) step(at, 1);
    expect(step(60, 2.5) as number).toBeGreaterThan(0);
    expect(step(61, 1)).toBe(-1);
    expect(step(62, 1) as number).toBeGreaterThan(0);
  });
});

describe('detectors that are trained with dynaprop', () => {
  const context = {
    ...{ kernels, seed: 1, intervalMs: 1000, signal: new AbortController().signal },
    progress: () => undefined,
  };
  const series = toySeries({ rows: 300, seed: 1 });
  const few = { steps: 60, batch: 8, rows: 16, activation: 'relu' as const, dynaprop: {} };

  it.each([
    [forecaster, 'forecaster'],
    [encoder, 'encoder'],
  ] as const)('keep the thresholds of their best weights in the design', async (trainer, key) => {
    const options = trainer.options.parse(few);
    // the trainer parses its own options
    const model = await trainer.train(series, options as never, context);
    const design = model.design[key] as {
      pruning: object;
      point: DesignPoint;
      trained: TrainingShares;
    };
    expect(Object.keys(design.pruning)).toContain('layer1.feed.output');
    expect(design.point.activation).toBe('relu');
    const { forward, back } = design.trained;
    // Half of the activations of some products, and .7 of the rows of their gradients, after a start that leaves nothing out.
    expect(forward).toBeGreaterThan(0.5);
    expect(forward).toBeLessThan(1);
    expect(back).toBeLessThan(forward);
    const dense = await trainer.train(
      series,
      trainer.options.parse({ ...few, steps: 3, dynaprop: undefined }) as never,
      context,
    );
    expect(dense.design[key]).not.toHaveProperty('trained');
  });

  it('count what their steps multiply, and no validation', () => {
    const products = new TrainingProducts(kernels);
    const { tape, y } = network();
    const loss = meanSquaredError(tape, y, tape.input(y.shape));
    const program = products.kernels.compile(tape, { loss });
    program.forward();
    program.forward();
    program.backward();
    expect(products.made).toBeUndefined();
    const half = new TrainingProducts({
      ...kernels,
      compile(recorded, options) {
        const whole = kernels.compile(recorded, options);
        const counter = options?.counter ?? { issued: 0, skipped: 0 };
        const count = (issued: number, skipped: number) => () => {
          counter.issued += issued;
          counter.skipped += skipped;
        };
        return { ...whole, forward: count(3, 1), backward: count(1, 3) };
      },
    });
    const counted = half.kernels.compile(tape, { loss });
    for (const run of [counted.forward, counted.forward, counted.backward]) run();
    expect(half.made).toEqual({ forward: 0.75, back: 0.25 });
  });

  it('say at which step a training has diverged', async () => {
    const steps: FitProgress[] = [];
    const options = forecaster.options.parse({ ...few, learningRate: 1e30 });
    const training = forecaster.train(series, options, {
      ...context,
      progress: (at) => steps.push(at as FitProgress),
    });
    await expect(training).rejects.toThrow(/the training stopped at step \d+ of 60/);
  });

  it('refuse TensorFlow, which would multiply all', async () => {
    const options = forecaster.options.parse(few);
    const tensorflow = { ...kernels, name: 'tensorflow' as const };
    await expect(
      forecaster.train(series, options, { ...context, kernels: tensorflow }),
    ).rejects.toThrow(
      'dynaprop leaves parts of products out, which TensorFlow cannot: set engine to auto, or leave dynaprop out',
    );
  });
});
