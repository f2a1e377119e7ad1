// Keys of outcomes: hashes of all inputs of an outcome.
import { createHash } from 'node:crypto';
import type { Series } from '../../core/series.ts';
import type { CandidateData } from './contract.ts';

/** sha256, hex, of values that JSON can hold; the order of the keys of objects does not count. */
export function contentKey(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content, sortedKeys)).digest('hex');
}

/** sha256, hex, of all training and judging data. O(N * C), negligible against a training. */
export function dataKey(data: CandidateData): string {
  if (data.kind === 'recording') {
    return contentKey([data.kind, seriesKey(data.series), data.intervalMs]);
  }
  const { train, test, labels, intervalMs } = data.series;
  return contentKey([data.kind, seriesKey(train), seriesKey(test), bytesKey(labels), intervalMs]);
}

function seriesKey({ channels, timeMs, values }: Series): string {
  return contentKey([channels.map(({ id }) => id), bytesKey(timeMs), bytesKey(values)]);
}

function bytesKey({ buffer, byteOffset, byteLength }: Float64Array | Uint8Array): string {
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
