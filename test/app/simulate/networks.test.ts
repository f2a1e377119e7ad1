// The networks of models as they are simulated: in both modes, and with the zeros that values and thresholds have.
import { describe, expect, it } from 'vitest';
import type { Kernels } from '../../../src/engine/discriminator-kernels.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { leanModel } from '../../../src/lab/compression/lean-model.ts';
import { macsOf } from '../../../src/lab/simulator/lowering/graph.ts';
import { sharesFor, windowsOf } from '../../../src/lab/simulator/model-zeros.ts';
import { networkOfModel } from '../../../src/lab/simulator/networks.ts';
import { NO_ZEROS, PUBLISHED_ZEROS, Zeros } from '../../../src/lab/simulator/zeros.ts';
import type { Model } from '../../../src/models/model.ts';
import { data, skippedBy, trained } from './toy-network.ts';

/** Names of what the products of a model may prune. */
function operandsOf(model: Model, kernels: Kernels): readonly string[] {
  const names: string[] = [];
  networkOfModel(model, 1).values?.(windowsOf(data.train, model, 1), {
    ...kernels,
    compile(tape, options) {
      names.push(...tape.steps.flatMap(({ operands = [] }) => operands.map(({ name }) => name)));
      return kernels.compile(tape, options);
    },
  });
  return names;
}

/** None is 0, and what is below a threshold stays below it. */
const apart = (of: ArrayLike<number>) =>
  Float64Array.from(of, (value) => (Math.abs(value) < 2 ** -15 ? 2 ** -15 : value));

describe('thresholds of a model', () => {
  const prunings = {
    elements: { form: 'elements', threshold: 0.5 },
    columns: { form: 'columns', threshold: 0.9 },
  } as const;

  it.each(['elements', 'columns'] as const)(
    'skip what the engine skips, by %s, with values of the same windows',
    async (form) => {
      const model = await trained('forecaster', { steps: 3, rows: 16, batch: 8 });
      const forecaster = model.design['forecaster'] as object;
      const kernels = await loadKernels();
      const plain = networkOfModel(model, 2);
      const operands = operandsOf(model, kernels);
      const pruning = Object.fromEntries(operands.map((name) => [name, prunings[form]]));
      expect(operands.length).toBeGreaterThan(3);
      const pruned = { ...model, design: { forecaster: { ...forecaster, pruning } } };
      const network = networkOfModel(pruned, 2);
      const windows = windowsOf(data.train, model, 2);
      const values = network.values?.(windows, kernels) ?? new Map();
      const zeros = new Zeros(NO_ZEROS, values);
      const before = skippedBy(plain, new Zeros(NO_ZEROS, plain.values?.(windows, kernels)));
      expect(skippedBy(network, zeros)).toBeGreaterThan(1.1 * before);
      // As if no weight were 0 and no element by itself: what is left is what the thresholds leave out.
      const counter = { issued: 0, skipped: 0 };
      network.values?.(windows, {
        ...kernels,
        compile: (tape, options) => kernels.compile(tape, { ...options, counter }),
      });
      const alone = new Map([...values].map(([storage, of]) => [storage, apart(of)]));
      expect(skippedBy(network, new Zeros(NO_ZEROS, alone))).toBe(counter.skipped);
      // The same zeros without their places: the share of each operand, products by chance.
      const byChance = new Zeros(NO_ZEROS, values, { arePlaced: false });
      expect(skippedBy(network, byChance) / skippedBy(network, zeros)).toBeCloseTo(1, 1);
    },
  );

  it('are not known without values', async () => {
    const model = await trained('forecaster', { steps: 3, rows: 16, batch: 8 });
    const forecaster = model.design['forecaster'] as object;
    const pruning = Object.fromEntries(
      operandsOf(model, await loadKernels()).map((name) => [name, prunings.elements]),
    );
    const pruned = networkOfModel(
      { ...model, design: { forecaster: { ...forecaster, pruning } } },
      1,
    );
    expect(skippedBy(pruned, new Zeros(NO_ZEROS))).toBe(0);
  });
});

describe('the networks of models', () => {
  it.each([
    ['cnn', { steps: 3, rows: 32, batch: 8 }],
    ['encoder', { steps: 3, rows: 16, batch: 8 }],
  ])('are simulated in both modes, with zeros of real windows: %s', async (kind, options) => {
    const model = await trained(kind, options);
    const network = networkOfModel(model, 2);
    const values = network.values?.(windowsOf(data.train, model, 2), await loadKernels());
    expect(skippedBy(network, new Zeros(NO_ZEROS, values))).toBeGreaterThan(0);
    const [forward, training] = (['inference', 'training'] as const).map(
      (mode) => network.work(mode).operations.length,
    );
    expect(training).toBeGreaterThan(forward ?? 0);
  });

  it('narrowed to ranks of their own have the multiplications that the engine makes of them', async () => {
    const parent = await trained('forecaster', { steps: 3, rows: 16, batch: 8 });
    const kernels = await loadKernels();
    const { model } = await leanModel(
      parent,
      data.train,
      { method: 'modegpt', options: { ratio: 0.3, round: 1 } },
      { kernels, signal: AbortSignal.timeout(60_000), progress: () => undefined },
    );
    const multiplications = (one: Model): number =>
      networkOfModel(one, 2)
        .work('inference')
        .operations.reduce((sum, operation) => sum + macsOf(operation), 0);
    const counter = { issued: 0, skipped: 0 };
    networkOfModel(model, 2).values?.(windowsOf(data.train, model, 2), {
      ...kernels,
      compile: (tape, options) => kernels.compile(tape, { ...options, counter }),
    });
    expect(multiplications(model)).toBe(counter.issued + counter.skipped);
    expect(multiplications(model)).toBeLessThan(0.9 * multiplications(parent));
  });

  it('have in training the zeros that their training left out, unless others are given', async () => {
    const model = await trained('forecaster', { steps: 3, rows: 16, batch: 8 });
    const forecaster = model.design['forecaster'] as object;
    const lean = { ...forecaster, trained: { forward: 0.9, back: 0.475 } };
    const network = networkOfModel({ ...model, design: { forecaster: lean } }, 1);
    const shares = sharesFor(network, 'training', undefined);
    expect(shares).toEqual({ weight: 1, activation: 0.9, gradient: 0.5 });
    // Of the way back, half of the products are of gradients and weights, half of gradients and activations.
    expect((shares.gradient + shares.gradient * shares.activation) / 2).toBeCloseTo(0.475, 12);
    expect(sharesFor(network, 'inference', undefined)).toEqual(NO_ZEROS);
    expect(sharesFor(network, 'training', PUBLISHED_ZEROS)).toEqual(PUBLISHED_ZEROS);
    expect(sharesFor(networkOfModel(model, 1), 'training', undefined)).toEqual(NO_ZEROS);
  });

  it('are simulated for a gon while it scores; its training is refused', async () => {
    const network = networkOfModel(await trained('gon', { steps: 3 }), 2);
    expect(skippedBy(network, new Zeros(PUBLISHED_ZEROS))).toBeGreaterThan(0);
    expect(() => network.work('training')).toThrow(/^the training of a gon/);
  });
});
