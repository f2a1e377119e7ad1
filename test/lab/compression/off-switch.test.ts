// Thresholds, taken away again: what a daemon reports of a recorded stream is what it reported before there were any.
import { describe, expect, it } from 'vitest';
import { forecaster as trainer } from '../../../src/detectors/forecaster/train.ts';
import { prepare } from '../../../src/detectors/scoring/training/data.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import {
  dynatran,
  dynatranOptions,
  withPruning,
} from '../../../src/lab/compression/dynatran/dynatran.ts';
import { deploy } from '../../../src/lab/judging/deployment.ts';
import type { LabelledSeries } from '../../../src/lab/series/labelled-series.ts';
import type { Model } from '../../../src/models/model.ts';
import { toySeries } from '../../detectors/training/toy-series.ts';

const ROWS = 700;
const TESTED = 200;
const kernels = await loadKernels('wasm-simd');
const train = toySeries({ rows: ROWS, seed: 1 });
const fault = toySeries({ rows: TESTED, seed: 2, fault: [{ channel: 1, from: 120, to: 160 }] });
const test = { ...fault, timeMs: fault.timeMs.map((timeMs) => timeMs + ROWS * 1000) };
const labels = Uint8Array.from({ length: TESTED }, (_, t) => Number(t >= 120 && t < 160));
const stream: LabelledSeries = { id: 'toy', train, test, labels, segments: [], intervalMs: 1000 };
const { signal } = new AbortController();
const context = { kernels, signal, progress: () => undefined, seed: 1, intervalMs: 1000 };

/** Every number and every alert. */
function output(model: Model): string {
  const { scores, perChannel, deployed } = deploy(stream, model, kernels);
  const { levels, states, openings } = deployed ?? {};
  const numbers = [scores, perChannel, levels].map((each) => Array.from(each ?? [], (v) => v));
  return JSON.stringify({ numbers, states, openings });
}

describe('the output of a forecaster over a recorded stream (#23)', () => {
  it('is byte for byte the same once its thresholds are taken away again', async () => {
    const model = await trainer.train(
      train,
      trainer.options.parse({ steps: 60, batch: 16 }),
      context,
    );
    const before = output(model);
    expect(JSON.parse(before).states.length).toBeGreaterThan(0);
    const data = prepare(train, { heldBack: 0.2, shortest: 33 }, context);
    const options = dynatranOptions.parse({ sparsity: 0.7 });
    const pruned = { ...model, ...(await dynatran.compress(model, data, options, context)) };
    expect(output(pruned)).not.toBe(before);
    expect(output(withPruning(pruned, {}))).toBe(before);
  });
});
