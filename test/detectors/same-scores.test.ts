import { afterEach, expect, it, vi } from 'vitest';
import { detectors } from '../../src/detectors/index.ts';
import { trainers } from '../../src/detectors/training/index.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import type { Model } from '../../src/models/model.ts';
import { scoreSeries } from './training/score-series.ts';
import { toySeries } from './training/toy-series.ts';

const kernels = await loadKernels();
const series = toySeries({ rows: 400, seed: 1 });
const OPTIONS = { lengths: [1, 5], shapeLengths: [10], linearLength: 5, steps: 20, batch: 16 };

afterEach(() => vi.restoreAllMocks());

// Node's logarithms do so on arm64, where they are compiled with fused multiply-add (scripts/test-arm64.mjs).
it('a model and its scores are the same where the last bit of logarithms is another one', async () => {
  const here = await modelAndScores();
  const bits = new Float64Array(1);
  const place = new BigUint64Array(bits.buffer);
  const log1p = Math.log1p;
  const other = vi.spyOn(Math, 'log1p').mockImplementation((x) => {
    bits[0] = log1p(x);
    if (bits[0] > 0) place[0] = (place[0] as bigint) ^ 1n;
    return bits[0];
  });
  expect(await modelAndScores()).toEqual(here);
  expect(other).toHaveBeenCalled();
});

async function modelAndScores() {
  const trainer = trainers.get('gon');
  const context = {
    ...{ kernels, seed: 2, intervalMs: 1000, progress: () => undefined },
    signal: new AbortController().signal,
  };
  const model = (await trainer?.train(series, trainer.options.parse(OPTIONS), context)) as Model;
  const detector = detectors.get('gon')?.load(model, kernels);
  if (!detector) throw new RangeError('gon');
  return { id: model.id, scores: scoreSeries(detector, model, series).map((one) => one?.value) };
}
