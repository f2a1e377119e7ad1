import { expect, it } from 'vitest';
import { trainers } from '../../../../src/detectors/training/index.ts';
import type { TrainingContext } from '../../../../src/detectors/training/trainer.ts';
import { loadKernels } from '../../../../src/engine/kernels/load.ts';
import { weightsUnder } from '../../../../src/models/network-weights.ts';
import { toySeries } from '../../training/toy-series.ts';

const kernels = await loadKernels();
/** So short that Adam moves a weight by no more than the rate. */
const OPTIONS = { steps: 1, learningRate: 1e-6 };

it.each(['encoder', 'forecaster', 'cnn'])(
  'a %s begins with the weights it is given',
  async (kind) => {
    const trainer = trainers.get(kind);
    if (!trainer) throw new RangeError(kind);
    const given = new Map<string, Float32Array>();
    const begin: TrainingContext['begin'] = (weights) => {
      for (const { name, values } of weights) {
        values.forEach((_, i) => {
          values[i] = Math.sin(given.size + i) / 10;
        });
        given.set(name, values.slice());
      }
    };
    const model = await trainer.train(
      toySeries({ rows: 600, seed: 1 }),
      trainer.options.parse(OPTIONS),
      {
        ...{ kernels, seed: 1, intervalMs: 1000, begin },
        signal: new AbortController().signal,
        progress: () => undefined,
      },
    );
    const learned = weightsUnder(kind, model.tensors);
    expect(given.size).toBeGreaterThan(10);
    for (const [name, values] of given) {
      const moved = values.map((value, i) => Math.abs(value - (learned[name]?.data[i] as number)));
      expect(Math.max(...moved), name).toBeLessThan(2e-6);
    }
  },
);
