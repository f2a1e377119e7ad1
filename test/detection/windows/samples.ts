// Hand-made samples and series for the window tests.
import type { Sample } from '../../../src/core/sample.ts';
import type { Series } from '../../../src/core/series.ts';
import type { ScalerState } from '../../../src/models/model.ts';

export function sample(timeMs: number, ...values: number[]): Sample {
  return { streamId: 's', timeMs, values: Float64Array.from(values) };
}

export function series(rows: readonly (readonly number[])[], timeMs?: readonly number[]): Series {
  const width = rows[0]?.length ?? 1;
  return {
    id: 'test',
    channels: Array.from({ length: width }, (_, c) => ({ id: `c${c}`, unit: '' })),
    timeMs: Float64Array.from(timeMs ?? rows.map((_, i) => i * 1000)),
    values: Float64Array.from(rows.flat()),
  };
}

/** Leaves values as they are. */
export function identity(width: number, clip = 1e9): ScalerState {
  return {
    kind: 'robust',
    offset: Array.from({ length: width }, () => 0),
    scale: Array.from({ length: width }, () => 1),
    clip,
  };
}
