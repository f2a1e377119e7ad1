import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSearchData } from '../../../src/app/search/search-data.ts';
import { tempFolder } from '../../io/temp-folder.ts';

/** Milliseconds; small numbers would be read as seconds. */
const T0 = 1_700_000_000_000;

const rows = (count: number, fromMs = T0): string =>
  ['time,a[C]', ...Array.from({ length: count }, (_, i) => `${fromMs + i * 1000},${i % 7}`)].join(
    '\n',
  );

function recording(faults: readonly (readonly [number, number])[]): string {
  const folder = join(tempFolder(), 'mine');
  mkdirSync(folder);
  writeFileSync(join(folder, 'train.csv'), rows(50));
  writeFileSync(join(folder, 'test.csv'), rows(100, T0 + 100_000));
  const lines = faults.map(
    ([from, to]) => `${T0 + 100_000 + from * 1000},${T0 + 100_000 + to * 1000},step,a`,
  );
  writeFileSync(join(folder, 'labels.csv'), ['start,end,kind,channels', ...lines].join('\n'));
  return folder;
}

const roots = ['/nowhere', '/nowhere'] as const;

describe('the data of a search', () => {
  it('keep the later half of the labelled events for the end', async () => {
    const folder = recording([
      [10, 15],
      [30, 34],
      [60, 70],
      [90, 95],
    ]);
    const { candidates, heldOut } = await readSearchData(folder, roots);
    if (candidates.kind !== 'labelled' || !heldOut) throw new Error('not labelled');
    const { series: judged } = candidates;
    expect(judged.segments.map(({ start, end }) => [start, end])).toEqual([
      [10, 15],
      [30, 34],
    ]);
    expect(judged.test.timeMs).toHaveLength(47);
    expect(heldOut.segments.map(({ start, end }) => [start + 47, end + 47])).toEqual([
      [60, 70],
      [90, 95],
    ]);
    expect(heldOut.test.timeMs[0]).toBe(T0 + 147_000);
    expect(judged.labels.length + heldOut.labels.length).toBe(100);
  });

  it('need an event to choose by and one to report on', async () => {
    await expect(readSearchData(recording([[10, 15]]), roots)).rejects.toThrow(
      "'mine' has 1 labelled events, a search needs 2",
    );
  });

  it('are a recording where a file is named', async () => {
    const path = join(tempFolder(), 'a.csv');
    writeFileSync(path, rows(30));
    const { candidates, train, intervalMs } = await readSearchData(path, roots);
    expect(candidates.kind).toBe('recording');
    expect([train.timeMs.length, intervalMs]).toEqual([30, 1000]);
    writeFileSync(path, rows(1));
    await expect(readSearchData(path, roots)).rejects.toThrow('without a usual time between them');
  });

  it('are said to be missing in one line', async () => {
    await expect(readSearchData('SMD/nobody', roots)).rejects.toThrow(
      /^there is no data set .*SMD/,
    );
  });
});
