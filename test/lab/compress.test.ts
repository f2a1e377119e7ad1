import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { compressInWorker } from '../../src/lab/compress.ts';
import { trainers } from '../../src/lab/trainers.ts';
import type { Model } from '../../src/models/model.ts';
import { toySeries } from '../detectors/training/toy-series.ts';

const head = { op: 'attention', form: 'scaled' } as const;
const point = { layers: [{ hidden: 16, heads: [head, head], feedForward: [32] }] };
const recording = toySeries({ rows: 700, seed: 1 });

describe('a compression with its trial', () => {
  it('of nothing leaves the alert level of a model where it was, with the recording it was trained on', async () => {
    const trainer = trainers.get('forecaster');
    const options = trainer?.options.parse({ rows: 12, patch: 3, steps: 40, batch: 16, point });
    const context = {
      ...{ kernels: await loadKernels(), seed: 1, intervalMs: 1000 },
      ...{ signal: new AbortController().signal, progress: () => undefined },
    };
    const model = (await trainer?.train(recording, options, context)) as Model;
    const choice = { method: 'modegpt', options: { ratio: 0 } };
    const progress: number[] = [];
    const found = await compressInWorker(
      { model, recording, choice, seed: 1 },
      { onProgress: ({ fraction }) => void progress.push(fraction) },
    );
    expect(found.model.calibration).toEqual(model.calibration);
    expect(found.model.design).toEqual(model.design);
    expect(found.model.tensors).toEqual(model.tensors);
    expect(found.model.card.compression?.parent).toBe(model.id);
    expect(found.trial.rows).toBe(140);
    expect(found.trial.candidate).toEqual(found.trial.live);
    expect(found.trial.objection).toBeUndefined();
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
  });
});
