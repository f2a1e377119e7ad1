// Trains a whole GON.
import { expect, it } from 'vitest';
import { detectorOf } from '../../../src/app/search/growth.ts';
import { lookUp } from '../../../src/core/registry.ts';
import { trainers } from '../../../src/detectors/training/index.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import type { DesignPoint } from '../../../src/models/design-point.ts';
import { weightsUnder } from '../../../src/models/network-weights.ts';
import { data, settings } from './toy-search.ts';

it('judges a growth by a detector of the kind that the search made', async () => {
  const kernels = await loadKernels();
  const { signal } = new AbortController();
  const dct = { op: 'transform', basis: 'dct' } as const;
  const point: DesignPoint = { layers: [{ hidden: 8, heads: [dct, dct], feedForward: [16] }] };
  const trainer = lookUp(trainers, 'forecaster', 'detector');
  const short = trainer.options.parse({ point, rows: 16, patch: 2, batch: 8, steps: 4 });
  const { tensors } = await trainer.train(data.train, short, {
    ...{ kernels, seed: 1, intervalMs: data.intervalMs, signal, progress: () => undefined },
  });
  const asked = settings({ training: { batch: 8 }, detector: 'ensemble', finalSteps: 4 });
  const network = { point, tensors: weightsUnder('forecaster', tensors) };
  const model = await detectorOf(network, { settings: asked, data, kernels, signal });
  expect(model.kind).toBe('ensemble');
  expect(model.design['forecaster']).toMatchObject({ point, normalisation: 'level' });
});
