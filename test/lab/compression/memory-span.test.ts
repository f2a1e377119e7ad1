import { beforeAll, describe, expect, it } from 'vitest';
import { gonDesign } from '../../../src/detectors/gon/design.ts';
import { rememberedWindows } from '../../../src/detectors/gon/memory.ts';
import { detectors } from '../../../src/detectors/index.ts';
import { trainers } from '../../../src/detectors/training/index.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { leanModel, numbersIn } from '../../../src/lab/compression/lean-model.ts';
import type { Model } from '../../../src/models/model.ts';
import { decodeModel, encodeModel } from '../../../src/models/model-file.ts';
import { scoreSeries } from '../../detectors/training/score-series.ts';
import { toySeries } from '../../detectors/training/toy-series.ts';

const kernels = await loadKernels();
const { signal } = new AbortController();
const series = toySeries({ rows: 400, seed: 1 });
const QUICK = { lengths: [1, 5], shapeLengths: [10], linearLength: 5, steps: 20, batch: 16 };
const context = { kernels, seed: 2, intervalMs: 1000, signal, progress: () => undefined };

describe('a GON that remembers in the span of its linear member', () => {
  let parent: Model;
  let lean: Model;
  beforeAll(async () => {
    const trainer = trainers.get('gon');
    const options = trainer?.options.parse({ ...QUICK, memoryWindows: 40 });
    parent = (await trainer?.train(series, options, context)) as Model;
    const choice = { method: 'span', options: {} };
    lean = (await leanModel(parent, series, choice, context)).model;
  });

  /** (M, R*C) as the detector has them. */
  function windowsOf(model: Model): readonly Float32Array[] {
    const design = gonDesign.parse(model.design);
    const shape = { windows: design.memory, rows: 10, width: 6 };
    const all = rememberedWindows(model.tensors, shape, design);
    return Array.from({ length: shape.windows }, (_, m) => all.subarray(60 * m, 60 * (m + 1)));
  }

  it('is smaller, survives its file, and says what it lost', async () => {
    expect(numbersIn(lean)).toBeLessThan(0.8 * numbersIn(parent));
    expect(await decodeModel(await encodeModel(lean), 'lean')).toEqual(lean);
    const { report } = await leanModel(parent, series, { method: 'span', options: {} }, context);
    const [memory] = report.parts;
    expect(memory?.name).toBe('memory');
    // What is left out of the span is what the windows differ by, as the file means them.
    const [before, after] = [windowsOf(parent), windowsOf(lean)];
    const mean = parent.tensors['linear.mean']?.data ?? [];
    let [whole, lost] = [0, 0];
    for (const [m, window] of before.entries()) {
      for (const [i, value] of window.entries()) {
        whole += (value - (mean[i % mean.length] as number)) ** 2;
        lost += (value - (after[m]?.[i] as number)) ** 2;
      }
    }
    expect(memory?.error).toBeCloseTo(lost / whole, 5);
    expect(memory?.error).toBeLessThan(0.11); // the components explain nine tenths
  });

  it('keeps the order of neighbours that are further apart than its windows have moved', () => {
    const [before, after] = [windowsOf(parent), windowsOf(lean)];
    const distance = (a: Float32Array, b: Float32Array) =>
      Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0));
    const moved = before.map((window, m) => distance(window, after[m] as Float32Array));
    let compared = 0;
    for (const x of before) {
      for (let m = 1; m < before.length; m++) {
        const [a, b] = [m - 1, m];
        const [far, near] = [a, b].map((at) => distance(x, before[at] as Float32Array));
        const gap = (far as number) - (near as number);
        if (Math.abs(gap) <= (moved[a] as number) + (moved[b] as number)) continue;
        const now = distance(x, after[a] as Float32Array) - distance(x, after[b] as Float32Array);
        expect(Math.sign(now)).toBe(Math.sign(gap));
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(100);
  });

  it('still sees a fault', () => {
    const fault = [{ channel: 1, from: 150, to: 170 }];
    const unseen = toySeries({ rows: 220, seed: 3, fault });
    for (const model of [parent, lean]) {
      const detector = detectors.get('gon')?.load(model, kernels);
      if (!detector) throw new RangeError('gon');
      const scores = scoreSeries(detector, model, unseen).map((score) => score?.value ?? 0);
      const highest = scores.indexOf(Math.max(...scores));
      expect(highest).toBeGreaterThanOrEqual(150);
      expect(highest).toBeLessThan(190);
    }
  });

  it('cannot be compressed so again', async () => {
    const again = leanModel(lean, series, { method: 'span', options: {} }, context);
    await expect(again).rejects.toThrow('the remembered windows are in the span already');
    await expect(again).rejects.toMatchObject({ errorCode: 'SEN_CFG_COMPRESS' });
  });
});
