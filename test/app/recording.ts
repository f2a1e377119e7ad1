// A small machine of two channels, recorded at 1 Hz, with faults where a test wants them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeModel } from '../../src/app/models/model-folder.ts';
import type { Series } from '../../src/core/series.ts';
import { trainers } from '../../src/detectors/training/index.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { createRandom } from '../../src/engine/random.ts';
import type { Model } from '../../src/models/model.ts';

export const START_MS = Date.UTC(2026, 0, 1);
export const CHANNELS = [
  { id: 'power', unit: 'W' },
  { id: 'temperature', unit: 'C' },
];

export interface Recording {
  readonly rows: number;
  readonly seed: number;
  /** Half-open rows in which the temperature leaves the power alone. */
  readonly faults?: readonly (readonly [from: number, to: number])[];
}

export function recorded({ rows, seed, faults = [] }: Recording): Series {
  const random = createRandom(seed);
  const values = new Float64Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    const faulty = faults.some(([from, to]) => row >= from && row < to);
    const load = Math.sin(row / 30);
    values[2 * row] = 10 + 2 * load + 0.2 * random.normal();
    values[2 * row + 1] = 50 + 5 * load + 0.5 * random.normal() + (faulty ? 30 : 0);
  }
  return {
    id: `seed-${seed}`,
    channels: CHANNELS,
    timeMs: Float64Array.from({ length: rows }, (_, row) => START_MS + row * 1000),
    values,
  };
}

export function writeRecording(folder: string, name: string, recording: Recording): string {
  const { timeMs, values } = recorded(recording);
  const lines = Array.from(
    timeMs,
    (time, row) => `${time},${values[2 * row]},${values[2 * row + 1]}`,
  );
  const path = join(folder, name);
  writeFileSync(path, `time,power[W],temperature[C]\n${lines.join('\n')}\n`);
  return path;
}

let trained: Promise<Model> | undefined;

/** PCA, because it learns this machine in a blink. */
export function machineModel(): Promise<Model> {
  trained ??= trainPca();
  return trained;
}

export async function writeMachineModel(folder: string): Promise<string> {
  const path = join(folder, 'machine.safetensors');
  await writeModel(path, await machineModel());
  return path;
}

async function trainPca(): Promise<Model> {
  const trainer = trainers.get('pca');
  if (!trainer) throw new Error('there is no pca trainer');
  return trainer.train(recorded({ rows: 2000, seed: 1 }), trainer.options.parse({}), {
    kernels: await loadKernels('plain'),
    seed: 1,
    intervalMs: 1000,
    progress: () => undefined,
    signal: new AbortController().signal,
  });
}
