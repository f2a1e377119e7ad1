import { describe, expect, it } from 'vitest';
import { contentKey, dataKey } from '../../../src/lab/candidates/outcome-key.ts';
import { ordinarySeries } from '../../contracts/planted.ts';

describe('names of outcomes', () => {
  it('do not depend on the order of keys, but on all else', () => {
    expect(contentKey({ a: 1, b: { c: 2, d: [1, 2] } })).toBe(
      contentKey({ b: { d: [1, 2], c: 2 }, a: 1 }),
    );
    const keys = [{ a: 1 }, { a: 2 }, { b: 1 }, [{ a: 1 }], { a: [1, 2] }, { a: [2, 1] }].map(
      contentKey,
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('of data depend on each value, time, label, channel and the interval', () => {
    const series = ordinarySeries(30);
    const recording = { kind: 'recording', series, intervalMs: 1000 } as const;
    const changed = (values: Float64Array) => values.with(7, 1e6);
    const [first, ...others] = series.channels;
    const labelled = {
      kind: 'labelled',
      series: {
        ...{ id: 'x', train: series, test: series, labels: new Uint8Array(30), segments: [] },
        intervalMs: 1000,
      },
    } as const;
    const keys = [
      recording,
      { ...recording, intervalMs: 2000 },
      { ...recording, series: { ...series, values: changed(series.values) } },
      { ...recording, series: { ...series, timeMs: changed(series.timeMs) } },
      { ...recording, series: { ...series, channels: [...others, first ?? { id: '', unit: '' }] } },
      labelled,
      { ...labelled, series: { ...labelled.series, labels: new Uint8Array(30).fill(1, 3, 5) } },
    ].map(dataKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(dataKey({ ...recording, series: ordinarySeries(30) })).toBe(keys[0]);
  });
});
