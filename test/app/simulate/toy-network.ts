// A trained toy model of each kind, and what simulating it skips.
import type { SearchData } from '../../../src/app/search/search-data.ts';
import { trainers } from '../../../src/detectors/training/index.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { type Accelerator, presets } from '../../../src/lab/simulator/accelerator.ts';
import type { SimulatedNetwork } from '../../../src/lab/simulator/networks.ts';
import { simulate } from '../../../src/lab/simulator/simulate.ts';
import type { Zeros } from '../../../src/lab/simulator/zeros.ts';
import type { Model } from '../../../src/models/model.ts';
import { toySeries } from '../../detectors/training/toy-series.ts';

export const data = { train: toySeries({ rows: 400, seed: 1 }) } as SearchData;

export async function trained(
  kind: string,
  options: Readonly<Record<string, unknown>>,
): Promise<Model> {
  const trainer = trainers.get(kind);
  if (!trainer) throw new Error(`there is no trainer of ${kind}`);
  return trainer.train(data.train, trainer.options.parse(options), {
    ...{ kernels: await loadKernels(), seed: 1, intervalMs: 1000 },
    ...{ progress: () => undefined, signal: AbortSignal.timeout(60_000) },
  });
}

/** Multiplications that Edge leaves out. */
export function skippedBy(network: SimulatedNetwork, zeros: Zeros): number {
  const options = { mode: 'inference', order: 'bijk', lanes: 'window-32', zeros } as const;
  const edge = presets.get('edge') as Accelerator;
  return simulate(network.work('inference'), edge, options).macs.skipped;
}
