import { describe, expect, it } from 'vitest';
import { FAULT_KINDS, plantFaults } from '../../../src/lab/candidates/planted-faults.ts';
import { labelsOf } from '../../../src/lab/series/segments.ts';
import { ordinarySeries } from '../../contracts/planted.ts';

const ROWS = 5000;
const recording = ordinarySeries(ROWS);
const { clean, labelled } = plantFaults(recording, 1000);
const { train, test, labels, segments } = labelled;

describe('planted faults', () => {
  it('lie in the newest rows, and all rows are kept', () => {
    expect([...train.values, ...clean.values]).toEqual([...recording.values]);
    expect([...train.timeMs, ...test.timeMs]).toEqual([...recording.timeMs]);
    expect(test.timeMs.length / ROWS).toBeCloseTo(0.3, 3);
  });

  it('are of each kind, and labelled where they are', () => {
    expect(new Set(segments.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS));
    expect(labels).toEqual(labelsOf(segments, labels.length));
    const changed = new Set<string>();
    test.values.forEach((value, i) => {
      if (value !== clean.values[i]) changed.add(`${Math.floor(i / 3)} ${i % 3}`);
    });
    const told = segments.flatMap(({ start, end, kind, channels = [] }) =>
      // The first reading of a flat line is what it was.
      Array.from({ length: end - start }, (_, i) => `${start + i} ${channels[0]}`).slice(
        kind === 'flat-line' ? 1 : 0,
      ),
    );
    expect([...changed].sort()).toEqual(told.sort());
  });

  it('hold a channel still, and lift it, as their kinds say', () => {
    const of = (kind: string) => {
      const found = segments.find((segment) => segment.kind === kind);
      if (!found) throw new Error(kind);
      const at = (values: Float64Array, row: number) =>
        values[row * 3 + (found.channels?.[0] ?? 0)];
      return Array.from({ length: found.end - found.start }, (_, i) => {
        const row = found.start + i;
        return [at(test.values, row) ?? NaN, at(clean.values, row) ?? NaN] as const;
      });
    };
    expect(new Set(of('flat-line').map(([value]) => value)).size).toBe(1);
    const lifts = (kind: string) => of(kind).map(([value, before]) => value - before);
    const [shift = NaN] = lifts('level-shift');
    for (const lift of lifts('level-shift')) expect(lift / shift).toBeCloseTo(1, 6);
    const drift = lifts('drift');
    for (const [i, lift] of drift.entries()) {
      expect(lift / (drift.at(-1) ?? NaN)).toBeCloseTo((i + 1) / 20, 6);
    }
    expect(of('spike')).toHaveLength(2);
    expect(new Set(lifts('noise-burst').map(Math.sign)).size).toBe(2);
  });

  it('are the same each time, and leave missing readings missing', () => {
    expect(plantFaults(recording, 1000)).toEqual({ clean, labelled });
    const holes = { ...recording, values: recording.values.map((v, i) => (i % 7 ? v : NaN)) };
    const { test: holed } = plantFaults(holes, 1000).labelled;
    const missing = (values: Float64Array) => values.map((value) => Number(Number.isNaN(value)));
    expect(missing(holed.values)).toEqual(missing(plantFaults(holes, 1000).clean.values));
    // Also where a flat line begins with one.
    const flat = segments.find(({ kind }) => kind === 'flat-line')?.start ?? Number.NaN;
    const cut = ROWS - labels.length;
    const gap = { ...recording, values: recording.values.slice() };
    gap.values.fill(Number.NaN, (cut + flat) * 3, (cut + flat + 1) * 3);
    const gapped = plantFaults(gap, 1000);
    expect(missing(gapped.labelled.test.values)).toEqual(missing(gapped.clean.values));
  });
});
