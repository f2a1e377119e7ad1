// The training card: the origin of a model.
import type { Series } from '../../core/series.ts';
import type { TrainingCard } from '../../models/model.ts';

/** Increased whenever a trainer gives different numbers for the same series, options and seed. */
export const TRAINER_VERSION = '3';

export interface Training {
  readonly series: Series;
  readonly seed: number;
  readonly startedMs: number;
  readonly finalLosses: readonly number[];
}

export async function trainingCard(training: Training): Promise<TrainingCard> {
  const { series, seed, startedMs, finalLosses } = training;
  return {
    dataId: series.id,
    dataHash: await hashOf(series.values),
    rows: series.timeMs.length,
    seed,
    durationS: Math.round(performance.now() - startedMs) / 1000,
    finalLosses,
    version: TRAINER_VERSION,
  };
}

/** sha256 of the numbers' bytes, hex. */
export async function hashOf(values: Float64Array): Promise<string> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  // A copy, because digest does not accept views of shared memory.
  const digest = await globalThis.crypto.subtle.digest('SHA-256', bytes.slice());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
