// Thresholds of a small forecaster that has been trained on a series whose normal behaviour is known.
import { beforeAll, describe, expect, it } from 'vitest';
import { forecaster } from '../../../../src/detectors/forecaster/forecaster.ts';
import { forecaster as trainer } from '../../../../src/detectors/forecaster/train.ts';
import { prepare } from '../../../../src/detectors/scoring/training/data.ts';
import { windowTable } from '../../../../src/detectors/scoring/training/window-table.ts';
import { loadKernels } from '../../../../src/engine/kernels/load.ts';
import {
  dynatran,
  dynatranOptions,
  withPruning,
} from '../../../../src/lab/compression/dynatran/dynatran.ts';
import { measure, profileOperands } from '../../../../src/lab/compression/dynatran/profile.ts';
import type { Model } from '../../../../src/models/model.ts';
import { decodeModel, encodeModel, sealModel } from '../../../../src/models/model-file.ts';
import { scoreSeries } from '../../../detectors/training/score-series.ts';
import { toySeries } from '../../../detectors/training/toy-series.ts';

const kernels = await loadKernels('wasm-simd');
const series = toySeries({ rows: 700, seed: 1 });
const unseen = toySeries({ rows: 60, seed: 2 });
const { signal } = new AbortController();
const context = { kernels, signal, progress: () => undefined };
const pause = () => Promise.resolve();

const options = (given: Parameters<typeof dynatranOptions.parse>[0]) =>
  dynatranOptions.parse(given);

describe('thresholds for a forecaster', () => {
  let model: Model;
  const data = prepare(series, { heldBack: 0.2, shortest: 33 }, { intervalMs: 1000 });

  beforeAll(async () => {
    const training = { ...context, seed: 1, intervalMs: 1000 };
    model = await trainer.train(series, trainer.options.parse({ steps: 120, batch: 16 }), training);
  });

  it.each(['elements', 'columns'] as const)(
    'leave out the share of %s that was asked for',
    async (form) => {
      const { design, report } = await dynatran.compress(
        model,
        data,
        options({ sparsity: 0.5, form }),
        context,
      );
      expect(report.parts.length).toBeGreaterThan(4);
      for (const { before, after } of report.parts) expect(after / before).toBeCloseTo(0.5, 1);
      expect(report.pruned?.skipped).toBeGreaterThan(0.1);
      expect(report.pruned?.skipped).toBeLessThan(0.5);
      // on rows that set no threshold
      const off = (await profileOperands(model, unusedRows())).flatMap((profile) => {
        const threshold = thresholdsIn(design)[profile.operand.name]?.threshold;
        return threshold === undefined ? [] : [profile[form].shareBelow(threshold) - 0.5];
      });
      expect(off).toHaveLength(report.parts.length);
      const mean = off.reduce((sum, one) => sum + Math.abs(one), 0) / off.length;
      expect(mean).toBeLessThan(0.02);
    },
  );

  it('come as one for all operands on request', async () => {
    const asked = options({ sparsity: 0.3, form: 'elements', global: true });
    const { design, report } = await dynatran.compress(model, data, asked, context);
    const thresholds = Object.values(thresholdsIn(design)).map(({ threshold }) => threshold);
    expect(new Set(thresholds).size).toBe(1);
    const [before, after] = [0, 0].map((_, i) =>
      report.parts.reduce((sum, part) => sum + (i === 0 ? part.before : part.after), 0),
    ) as [number, number];
    expect(after).toBeLessThan(before);
  });

  it('leave out as much as keeps the floor, and no more', async () => {
    const found = await dynatran.compress(
      model,
      data,
      options({ floor: 0.9, form: 'columns' }),
      context,
    );
    expect(found.report.pruned?.quality).toBeGreaterThanOrEqual(0.9);
    expect(found.report.pruned?.skipped).toBeGreaterThan(0);
    const more = await dynatran.compress(
      model,
      data,
      options({ sparsity: 0.95, form: 'columns' }),
      context,
    );
    expect(more.report.pruned?.skipped).toBeGreaterThan(found.report.pruned?.skipped ?? NaN);
    expect(more.report.pruned?.quality).toBeLessThan(0.9);
  });

  it('leave out more for the same floor where each operand has a share of its own (#23)', async () => {
    const asked = { floor: 0.8, form: 'columns', norms: true } as const;
    const [same, own] = await Promise.all(
      (['uniform', 'sensitivity'] as const).map((allocation) =>
        dynatran.compress(model, data, options({ ...asked, allocation }), context),
      ),
    );
    expect(own?.report.pruned?.quality).toBeGreaterThanOrEqual(0.8);
    expect(own?.report.pruned?.skipped).toBeGreaterThan(same?.report.pruned?.skipped ?? 1);
    expect(() => options({ sparsity: 0.5, allocation: 'sensitivity' })).toThrow(
      'allocation=sensitivity finds shares for a floor',
    );
  });

  it('are refused by cost with what was tried, where all that leaves something out costs too much (#23)', async () => {
    const strict = options({ floor: 1, form: 'columns', norms: true, allocation: 'sensitivity' });
    // Without the oldest rows few windows are judged, and the search is short.
    await expect(dynatran.compress(model, { ...data, cut: 240 }, strict, context)).rejects.toThrow(
      /^of 24 choices of thresholds the most accurate leaves out [\d.]+ % of the multiplications and keeps [\d.]+ of .*, 1 is asked for/,
    );
  });

  it('take outputs of norms too on request, which leaves out more', async () => {
    const [few, all] = await Promise.all(
      [false, true].map((norms) =>
        dynatran.compress(model, data, options({ sparsity: 0.5, norms }), context),
      ),
    );
    expect(all?.report.pruned?.skipped).toBeGreaterThan(1.5 * (few?.report.pruned?.skipped ?? 1));
    expect(few?.report.untouched).toContain('forecast (made by a norm, or an input)');
    expect(few?.report.untouched.join()).toContain('layer1.feed1');
    expect(all?.report.untouched).toEqual([]);
  });

  it('are kept in the model file, where the detector finds them', async () => {
    const { design, tensors } = await dynatran.compress(
      model,
      data,
      options({ sparsity: 0.6 }),
      context,
    );
    const lean = await sealModel({ ...model, design, tensors });
    const read = await decodeModel(await encodeModel(lean), 'lean');
    expect(thresholdsIn(read.design)).toEqual(thresholdsIn(design));
    const scores = (of: Model) =>
      scoreSeries(forecaster.load(of, kernels), of, unseen).map((score) => score?.value ?? 0);
    expect(scores(read)).toEqual(scores({ ...model, design }));
    expect(scores(read)).not.toEqual(scores(model));
    // a threshold that drops nothing: the same bits
    const none = Object.fromEntries(
      Object.keys(thresholdsIn(design)).map((name) => [
        name,
        { form: 'elements' as const, threshold: 0 },
      ]),
    );
    expect(scores(withPruning(model, none))).toEqual(scores(model));
  });

  it('multiply what the counter says: all that a dense model does, issued or skipped', async () => {
    const { design } = await dynatran.compress(model, data, options({ sparsity: 0.5 }), context);
    const reading = unusedRows();
    const [dense, lean] = [
      await measure(model, reading),
      await measure({ ...model, design }, reading),
    ];
    const { issued, skipped } = lean.multiplications;
    expect(dense.multiplications.skipped).toBe(0);
    expect(issued + skipped).toBeCloseTo(dense.multiplications.issued, 3);
    expect(skipped).toBeGreaterThan(0);
  });

  it('are not set for the heads of further steps, which the network does not have', async () => {
    const asked = trainer.options.parse({ steps: 60, batch: 16, dynamo: { epsB: 0 } });
    const several = await trainer.train(series, asked, { ...context, seed: 1, intervalMs: 1000 });
    const { design } = await dynatran.compress(several, data, options({ sparsity: 0.3 }), context);
    const names = Object.keys(thresholdsIn(design));
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((name) => name.startsWith('steps.'))).toEqual([]);
    const pruned = await sealModel({ ...several, design });
    const scores = scoreSeries(forecaster.load(pruned, kernels), pruned, unseen);
    expect(scores.some((score) => Number.isFinite(score?.value))).toBe(true);
  });

  it('are refused where there is no network, too little data, or no way to keep the floor', async () => {
    const pca = { ...model, kind: 'pca', id: 'abc' };
    await expect(dynatran.compress(pca, data, options({ sparsity: 0.5 }), context)).rejects.toThrow(
      "model abc is a 'pca' without a network that can be pruned: take one of forecaster, encoder, cnn, ensemble",
    );
    const short = { ...data, cut: 70 };
    await expect(
      dynatran.compress(model, short, options({ sparsity: 0.5 }), context),
    ).rejects.toThrow("'toy' has 18 unbroken windows of 33 rows to set thresholds");
    const strict = options({ floor: 0.99, form: 'columns', norms: true, global: true });
    await expect(dynatran.compress(model, data, strict, context)).rejects.toThrow(
      /^of 39 choices of thresholds the most accurate leaves out [\d.]+ % of the multiplications and keeps 0\.[\d]+ of the model's accuracy on normal rows, 0.99 is asked for: lower the floor/,
    );
    expect(() => options({})).toThrow('give either sparsity or floor');
    expect(() => options({ sparsity: 0.5, floor: 0.9 })).toThrow('give either sparsity or floor');
    expect(() => options({ sparsity: 1.2 })).toThrow('<=0.99');
  });

  it('of operands that the network does not have are refused when it is loaded', () => {
    const strange = withPruning(model, { 'layer9.feed1': { form: 'columns', threshold: 1 } });
    expect(() => forecaster.load(strange, kernels)).toThrow(
      'the model has a pruning threshold for layer9.feed1, its network has no such operand: compress it again',
    );
  });

  function unusedRows() {
    return { table: windowTable(data, 33, [data.cut, series.timeMs.length]), kernels, pause };
  }
});

function thresholdsIn(design: Model['design']): Record<string, { threshold: number }> {
  return (design['forecaster'] as { pruning: Record<string, { threshold: number }> }).pruning;
}
