// GPTran's pruning beside the compressions.
import { describe, expect, it } from 'vitest';
import { blocksPruned } from '../../scripts/compression/blocks-pruned.ts';
import { encoder } from '../../src/detectors/encoder/train.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { numbersIn } from '../../src/lab/compression/lean-model.ts';
import { toySeries } from '../detectors/training/toy-series.ts';

const kernels = await loadKernels();
const head = { op: 'attention', form: 'scaled' };
const layer = { hidden: 16, heads: [head, head], feedForward: [32] };
const model = await encoder.train(
  toySeries({ rows: 600, seed: 1 }),
  encoder.options.parse({ steps: 1, point: { layers: [layer, layer] } }),
  {
    ...{ kernels, seed: 1, intervalMs: 1000 },
    signal: new AbortController().signal,
    progress: () => undefined,
  },
);
const whole = numbersIn(model);

describe('blocks pruned', () => {
  it('are none where so many numbers may stay', () => {
    const { point, weights } = blocksPruned(model, whole, kernels);
    expect(point.layers.map(({ heads, feedForward }) => [heads.length, feedForward])).toEqual([
      [2, [32]],
      [2, [32]],
    ]);
    for (const [name, values] of weights) {
      expect(values).toEqual(model.tensors[`encoder.${name}`]?.data);
    }
  });

  it('are the head of least weight first', () => {
    const names = Object.keys(model.tensors);
    const ofSecondLayer = names.filter((name) => /layer2\.heads?.*(weights|taps)$/.test(name));
    expect(ofSecondLayer.length).toBeGreaterThan(0);
    const tensors = { ...model.tensors };
    for (const name of ofSecondLayer) {
      const { shape, data } = tensors[name] as (typeof tensors)[string];
      tensors[name] = { shape, data: data.map((value) => value / 10) };
    }
    const { point } = blocksPruned({ ...model, tensors }, whole - 1, kernels);
    expect(point.layers.map(({ heads }) => heads.length)).toEqual([2, 1]);
  });

  it('are as many as it takes, heads and columns in turns, each layer keeping one head', () => {
    const { point, weights } = blocksPruned(model, 0.6 * whole, kernels);
    expect(numbersIn({ tensors: tensorsOf(weights) })).toBeLessThanOrEqual(0.6 * whole);
    expect(point.layers.map(({ heads }) => heads.length)).toEqual([1, 1]);
    for (const { feedForward } of point.layers) expect(feedForward[0]).toBeLessThan(32);
  });

  it('end where nothing is left to prune', () => {
    const { point } = blocksPruned(model, 1, kernels);
    expect(point.layers.map(({ heads, feedForward }) => [heads.length, feedForward])).toEqual([
      [1, [8]],
      [1, [8]],
    ]);
  });
});

function tensorsOf(weights: ReadonlyMap<string, Float32Array>) {
  return Object.fromEntries(
    [...weights].map(([name, data]) => [name, { shape: [data.length], data }]),
  );
}
