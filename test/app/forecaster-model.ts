// A small forecaster of the machine in recording.ts, for what needs a network.
import { writeModel } from '../../src/app/models/model-folder.ts';
import { trainers } from '../../src/detectors/training/index.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import type { Model } from '../../src/models/model.ts';
import { recorded } from './recording.ts';

const head = { op: 'attention', form: 'scaled' } as const;
const POINT = { layers: [{ hidden: 16, heads: [head, head], feedForward: [32] }] };
const OPTIONS = { rows: 12, patch: 3, batch: 16, point: POINT };

interface Training {
  readonly rows: number;
  readonly steps: number;
  /** Further training options. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Trained on the recording of these rows with seed 1. */
export async function trainedForecaster({ rows, steps, options }: Training): Promise<Model> {
  const trainer = trainers.get('forecaster');
  if (!trainer) throw new RangeError('there is no trainer of forecasters');
  const { signal } = new AbortController();
  const context = { seed: 1, intervalMs: 1000, signal, progress: () => undefined };
  const all = trainer.options.parse({ ...OPTIONS, ...options, steps });
  const kernels = await loadKernels();
  return trainer.train(recorded({ rows, seed: 1 }), all, { ...context, kernels });
}

export async function writeForecaster(path: string, training: Training): Promise<void> {
  await writeModel(path, await trainedForecaster(training));
}
