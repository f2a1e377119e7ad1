// How MoDeGPT shares among the parts of a network what it removes.
import { beforeAll, describe, expect, it } from 'vitest';
import { lookUp } from '../../../../src/core/registry.ts';
import { detectors } from '../../../../src/detectors/index.ts';
import { trainers } from '../../../../src/detectors/training/index.ts';
import { loadKernels } from '../../../../src/engine/kernels/load.ts';
import { leanModel } from '../../../../src/lab/compression/lean-model.ts';
import type { Model } from '../../../../src/models/model.ts';
import { scoreSeries } from '../../../detectors/training/score-series.ts';
import { toySeries } from '../../../detectors/training/toy-series.ts';

const kernels = await loadKernels();
const { signal } = new AbortController();
const context = { kernels, seed: 3, intervalMs: 1000, signal, progress: () => undefined };
const series = toySeries({ rows: 500, seed: 1 });
const unseen = toySeries({ rows: 200, seed: 2 });
const head = { op: 'attention', form: 'scaled' } as const;
const layer = { hidden: 16, heads: [head, head], feedForward: [24] };

/** A forecaster whose queries are so small that all rows attend alike: nothing is lost with its scores. */
async function withoutScores(): Promise<Model> {
  const trainer = lookUp(trainers, 'forecaster', 'detector');
  const options = { rows: 18, patch: 3, steps: 150, batch: 16, point: { layers: [layer, layer] } };
  const model = await trainer.train(series, trainer.options.parse(options), context);
  const tensors = Object.entries(model.tensors).map(([name, tensor]) => {
    const isQuery = name.includes('.query.');
    return [
      name,
      isQuery ? { ...tensor, data: tensor.data.map((value) => value / 100) } : tensor,
    ] as const;
  });
  return { ...model, tensors: Object.fromEntries(tensors) };
}

function expectedRows(model: Model): readonly number[] {
  const detector = lookUp(detectors, model.kind, 'detector').load(model, kernels);
  return scoreSeries(detector, model, unseen).flatMap((score) => [...(score?.expected ?? [])]);
}

describe('MoDeGPT of a network whose scores do nothing', () => {
  let whole: Model;
  beforeAll(async () => {
    whole = await withoutScores();
  });

  async function lean(allocation: string) {
    const options = { ratio: 0.4, round: 1, allocation };
    const { model, report } = await leanModel(
      whole,
      series,
      { method: 'modegpt', options },
      context,
    );
    const wanted = expectedRows(whole);
    const off = expectedRows(model).reduce(
      (sum, value, i) => sum + Math.abs(value - (wanted[i] as number)),
      0,
    );
    expect(report.removed).toBeCloseTo(0.4, 1);
    const kept = ({ before, after }: (typeof report.parts)[number]) => after / before;
    const of = (part: string) => report.parts.filter(({ name }) => name.includes(part)).map(kept);
    return { off, of };
  }

  it('takes most from the scores by the errors of parts, and errs least', async () => {
    const own = await lean('sensitivity');
    expect(Math.max(...own.of('.scores'))).toBeLessThan(Math.min(...own.of('.feed')));
    const [byLayers, alike] = [await lean('influence'), await lean('uniform')];
    for (const kept of alike.of('')) expect(Math.abs(kept - 0.6)).toBeLessThan(0.1);
    expect(own.off).toBeLessThan(0.8 * byLayers.off);
    expect(own.off).toBeLessThan(0.8 * alike.off);
  });
});
