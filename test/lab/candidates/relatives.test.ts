import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { cnnRelativesOn, relativesOn } from '../../../src/lab/candidates/relatives.ts';
import type { CnnPoint } from '../../../src/models/cnn-design.ts';
import type { DesignPoint } from '../../../src/models/design-point.ts';
import { ordinarySeries } from '../../contracts/planted.ts';

const data = { series: ordinarySeries(600), intervalMs: 1000 };
const options = { rows: 8, patch: 2, steps: 60, batch: 8, learningRate: 4e-3 };
const train = relativesOn(data, options, await loadKernels());
const context = { seed: 1, signal: new AbortController().signal };
const dct = { op: 'transform', basis: 'dct' } as const;
const dft = { op: 'transform', basis: 'dft' } as const;
const point: DesignPoint = { layers: [{ hidden: 8, heads: [dct], feedForward: [8] }] };
const ordered = { mode: 'ordered', seed: 1 } as const;

describe('a relative', () => {
  it('begins where its parent ended, and is as good without a step that counts', async () => {
    const parent = await train({ point }, context);
    const still = { steps: 1, learningRate: 1e-12, weightDecay: 0 };
    const child = await train({ point, from: { ...parent, ...ordered }, options: still }, context);
    expect(child.transferred?.weights).toBe(child.transferred?.of);
    expect(child.loss).toBeCloseTo(parent.loss, 6);
    const stranger = await train({ point, options: still }, context);
    expect(stranger.transferred).toBeUndefined();
    expect(stranger.loss).toBeGreaterThan(1.5 * parent.loss);
  });

  it('with another head keeps the rest, and is the same for the same seed', async () => {
    const parent = await train({ point }, context);
    const [layer] = point.layers;
    const grown = {
      layers: [{ hidden: 8, ...layer, heads: [dct, dft], headWidth: 8, feedForward: [8] }],
    };
    const task = { point: grown, from: { ...parent, ...ordered }, options: { steps: 3 } };
    const [first, again] = [await train(task, context), await train(task, context)];
    expect(again).toEqual(first);
    const { weights, of } = first.transferred ?? { weights: 0, of: 0 };
    // A value and an output of the new head.
    expect(of - weights).toBe(8 * 8 + 8 + 8 * 8);
  });

  it('tells its validation loss on the way', async () => {
    const losses: (number | undefined)[] = [];
    const { loss } = await train(
      { point },
      { ...context, progress: ({ validationLoss }) => losses.push(validationLoss) },
    );
    expect(losses[0]).toBeUndefined();
    expect(Math.min(...losses.flatMap((one) => one ?? []))).toBe(loss);
  });

  it('of a convolutional network begins where its parent ended, too', async () => {
    const trainCnn = cnnRelativesOn(
      data,
      { rows: 8, steps: 60, batch: 8, learningRate: 4e-3 },
      await loadKernels(),
    );
    const vertices = [{ operation: { op: 'skip' as const }, inputs: [0] }];
    const cell = { channels: 8, activation: 'silu' as const, vertices, output: [1] };
    const cnn: CnnPoint = { cells: [cell] };
    const parent = await trainCnn({ point: cnn }, context);
    const still = { steps: 1, learningRate: 1e-12, weightDecay: 0 };
    const child = await trainCnn({ point: cnn, from: parent, options: still }, context);
    expect(child.transferred?.weights).toBe(child.transferred?.of);
    expect(child.loss).toBeCloseTo(parent.loss, 6);
    const stranger = await trainCnn({ point: cnn, options: still }, context);
    expect(stranger.loss).toBeGreaterThan(1.2 * parent.loss);
  });
});
