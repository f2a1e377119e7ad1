import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../../src/core/errors.ts';
import { readSeries } from '../../../src/io/csv/series-file.ts';
import { createCsvWriter } from '../../../src/io/csv/writer.ts';
import { tempFolder } from '../temp-folder.ts';

const channels = [
  { id: 'cpu.user', unit: '%' },
  { id: 'odd, "name"', unit: '°C' },
];

describe('series file', () => {
  it.each(['data.csv', 'data.csv.gz'])('reads back what the writer wrote to %s', async (name) => {
    const folder = tempFolder();
    const cell = fc.oneof(fc.double({ noDefaultInfinity: true }), fc.constant(Number.NaN));
    const row = fc.tuple(fc.integer({ min: 0, max: 4e12 }), cell, cell);
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 200 }), async (rows) => {
        rows.sort((a, b) => a[0] - b[0]);
        const path = join(folder, name);
        const writer = await createCsvWriter(path, channels, { overwrite: true });
        for (const [timeMs, ...values] of rows)
          writer.write({ timeMs, values: Float64Array.from(values) });
        await writer.close();
        const series = await readSeries(path);
        expect(series.id).toBe('data');
        expect(series.channels).toEqual(channels);
        expect([...series.timeMs]).toEqual(rows.map(([timeMs]) => timeMs));
        // An empty cell has no sign: -0 comes back as 0.
        expect([...series.values].map((v) => v + 0)).toEqual(
          rows.flatMap(([, a, b]) => [a + 0, b + 0]),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('grows past its first arrays', async () => {
    const path = join(tempFolder(), 'long.csv');
    const lines = Array.from({ length: 5000 }, (_, i) => `${i},${i * 2},${i * 3}`);
    writeFileSync(path, `time,a,b\n${lines.join('\n')}`);
    const series = await readSeries(path);
    expect(series.timeMs).toHaveLength(5000);
    expect(series.values).toHaveLength(10_000);
    expect([...series.values.subarray(9998)]).toEqual([9998, 14_997]);
  });

  it('refuses times that go backwards, or leaves them out and says so', async () => {
    const path = join(tempFolder(), 'back.csv');
    writeFileSync(path, 'time,a\n5,1\n3,2\n6,3\n');
    await expect(readSeries(path)).rejects.toThrow('line 3 is earlier than the row before it');
    const faults: string[] = [];
    const series = await readSeries(path, { onBadRow: 'skip' }, (fault) => faults.push(fault));
    expect([...series.values]).toEqual([1, 3]);
    expect(faults).toHaveLength(1);
  });
});

describe('csv writer', () => {
  it('writes a header line also when nothing was recorded', async () => {
    const path = join(tempFolder(), 'none.csv');
    await (await createCsvWriter(path, channels)).close();
    await expect(readSeries(path)).rejects.toThrow('has a header but no readable row');
  });

  it('does not replace a recording and names a missing folder', async () => {
    const folder = tempFolder();
    const path = join(folder, 'there.csv');
    writeFileSync(path, 'precious');
    await expect(createCsvWriter(path, channels)).rejects.toThrow(StoreError);
    await expect(createCsvWriter(path, channels)).rejects.toThrow('exists');
    await expect(createCsvWriter(join(folder, 'no/x.csv'), channels)).rejects.toThrow(
      'folder does not exist',
    );
  });

  it('says that the disk is full', async () => {
    const writer = await createCsvWriter('/dev/full', channels, { overwrite: true });
    writer.write({ timeMs: 1.7e12, values: Float64Array.of(1, 2) });
    await expect(writer.close()).rejects.toThrow('no space left on the disk');
  });
});
