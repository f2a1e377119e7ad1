// A small forecaster of the machine in recording.ts, for what needs a network.
import { writeModel } from '../../src/app/models/model-folder.ts';
import { trainers } from '../../src/detectors/training/index.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { recorded } from './recording.ts';

const head = { op: 'attention', form: 'scaled' } as const;
const POINT = { layers: [{ hidden: 16, heads: [head, head], feedForward: [32] }] };
const OPTIONS = { rows: 12, patch: 3, batch: 16, point: POINT };

/** Trains it on the recording of these rows with seed 1, and writes the file. */
export async function writeForecaster(
  path: string,
  { rows, steps }: { readonly rows: number; readonly steps: number },
): Promise<void> {
  const trainer = trainers.get('forecaster');
  if (!trainer) throw new RangeError('there is no trainer of forecasters');
  const { signal } = new AbortController();
  const context = { seed: 1, intervalMs: 1000, signal, progress: () => undefined };
  const options = trainer.options.parse({ ...OPTIONS, steps });
  const kernels = await loadKernels();
  const series = recorded({ rows, seed: 1 });
  await writeModel(path, await trainer.train(series, options, { ...context, kernels }));
}
