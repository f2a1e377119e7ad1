import { describe, expect, it } from 'vitest';
import { heardIn } from '../../../src/app/retraining/heard-channels.ts';
import type { Series } from '../../../src/core/series.ts';

const ids = ['a', 'b', 'c'];

/** Ten rows; each channel is read in the rows that are named, and is its number there. */
function series(read: readonly (readonly number[])[]): Series {
  const values = new Float64Array(10 * read.length).fill(Number.NaN);
  for (const [c, rows] of read.entries()) for (const row of rows) values[row * read.length + c] = c;
  return {
    id: 's',
    channels: read.map((_, c) => ({ id: ids[c] as string, unit: '' })),
    timeMs: Float64Array.from({ length: 10 }, (_, row) => row),
    values,
  };
}

const namesOf = (channels: readonly { readonly id: string }[]) => channels.map(({ id }) => id);

describe('the channels there is something to learn of', () => {
  it('are those that were read in the older half of the rows', () => {
    const { series: heard, leftOut } = heardIn(series([[0, 9], [], [4]]));
    expect(namesOf(heard.channels)).toEqual(['a', 'c']);
    expect(namesOf(leftOut)).toEqual(['b']);
    expect(heard.values).toHaveLength(20);
    expect([...heard.values.subarray(0, 2)]).toEqual([0, Number.NaN]);
    expect([...heard.values.subarray(8, 10)]).toEqual([Number.NaN, 2]);
    expect(namesOf(heardIn(series([[0], [5, 6, 7]])).leftOut)).toEqual(['b']);
  });

  it('are all where all were read, or none: then training says so', () => {
    const [full, silent] = [series([[0], [1]]), series([[], []])];
    expect(heardIn(full)).toEqual({ series: full, leftOut: [] });
    expect(heardIn(silent)).toEqual({ series: silent, leftOut: [] });
  });

  it('are in any case those that are known already', () => {
    expect(namesOf(heardIn(series([[], [1], []]), 1).series.channels)).toEqual(['a', 'b']);
  });
});
