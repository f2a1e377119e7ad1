import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SourceError } from '../../../src/core/errors.ts';
import { type CsvRow, openCsv } from '../../../src/io/csv/file.ts';
import type { CsvFormat } from '../../../src/io/csv/format.ts';
import { LONGEST_LINE } from '../../../src/io/text/lines.ts';
import { tempFolder } from '../temp-folder.ts';

function file(content: string | Uint8Array, name = 'data.csv'): string {
  const path = join(tempFolder(), name);
  writeFileSync(path, content);
  return path;
}

async function rowsOf(
  path: string,
  options: Partial<CsvFormat> = {},
  onFault?: (message: string) => void,
): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  for await (const batch of openCsv(path, options, onFault).rows()) rows.push(...batch);
  return rows;
}

const plain = (rows: CsvRow[]) => rows.map(({ timeMs, values }) => [timeMs, ...values]);

describe('csv file', () => {
  it('knows channels and units before the first row', () => {
    const { channels } = openCsv(file('time,cpu.user[%],load\n'));
    expect(channels).toEqual([
      { id: 'cpu.user', unit: '%' },
      { id: 'load', unit: '' },
    ]);
  });

  it('reads numbers, exponents, quotes, blanks and missing readings', async () => {
    const path = file('\uFEFFtime,"a, b[V]",c\r\n1,2.5,\r\n\r\n2,"-1e-3", nan\r\n3, +.5 ,NULL');
    expect(openCsv(path).channels[0]).toEqual({ id: 'a, b', unit: 'V' });
    expect(plain(await rowsOf(path))).toEqual([
      [1000, 2.5, Number.NaN],
      [2000, -0.001, Number.NaN],
      [3000, 0.5, Number.NaN],
    ]);
  });

  it('takes the time from any column, and from none with an interval', async () => {
    const semicolons = file('a;DateTime;changepoint\n1;2020-03-09 10:14:33;x\n');
    const options = { delimiter: ';', ignoreColumns: ['changepoint'] };
    expect(plain(await rowsOf(semicolons, options))).toEqual([
      [Date.UTC(2020, 2, 9, 10, 14, 33), 1],
    ]);
    expect(plain(await rowsOf(file('a,b\n1,2\n3,4\n'), { intervalMs: 250 }))).toEqual([
      [0, 1, 2],
      [250, 3, 4],
    ]);
    expect(
      plain(await rowsOf(file('when,a\n7,1\n'), { timeColumn: 'when', timeUnit: 'ms' })),
    ).toEqual([[7, 1]]);
    expect(plain(await rowsOf(file('time[ms],a\n7,1\n')))).toEqual([[7, 1]]);
  });

  it.each([
    ['us', '1764470000000250'],
    ['ns', '1764470000000250000'],
  ])('reads times in %s, said or found out', async (unit, time) => {
    const expected = [[1_764_470_000_000.25, 1]];
    expect(plain(await rowsOf(file(`time,a\n${time},1\n`)))).toEqual(expected);
    expect(plain(await rowsOf(file(`time[${unit}],a\n${time},1\n`)))).toEqual(expected);
    const options = { timeUnit: unit } as Partial<CsvFormat>;
    expect(plain(await rowsOf(file(`time,a\n${time},1\n`), options))).toEqual(expected);
  });

  it('passes on several rows of one time, and says so', async () => {
    const told: string[] = [];
    const path = file('time,a\n5,1\n5,2\n');
    expect(plain(await rowsOf(path, {}, (message) => told.push(message)))).toEqual([
      [5000, 1],
      [5000, 2],
    ]);
    expect(told).toEqual([`${path} line 3 has the time of the row before it: both count as one`]);
  });

  it('finds the unit out from the first row that can be read', async () => {
    const path = file('time,a\nsoon,1\n1e400,2\n1764470000000,3\n1764470001000,4\n');
    expect(plain(await rowsOf(path, { onBadRow: 'skip' }))).toEqual([
      [1_764_470_000_000, 3],
      [1_764_470_001_000, 4],
    ]);
  });

  it('reads gzip and many chunks alike', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `${1.7e12 + i},${i},${-i / 8}`);
    const text = `time,a,b\n${lines.join('\n')}\n`;
    const rows = await rowsOf(file(text));
    expect(rows).toHaveLength(20_000);
    expect(rows[12_345]).toEqual({
      line: 12_347,
      timeMs: 1.7e12 + 12_345,
      values: Float64Array.of(12_345, -12_345 / 8),
    });
    expect(await rowsOf(file(gzipSync(text), 'data.csv.gz'))).toEqual(rows);
  });

  it.each([
    ['ragged row', 'time,a,b\n1,2,3\n2,3\n', 'line 3 has 2 cells, expected 3'],
    ['word for a number', 'time,a\n1,hot\n', "line 2 has 'hot' for channel 'a', expected a number"],
    ['hexadecimal', 'time,a\n1,0x10\n', "line 2 has '0x10' for channel 'a'"],
    [
      'infinite word',
      'time,a\n1,inf\n',
      "line 2 has 'inf' for channel 'a', expected a finite number",
    ],
    ['overflow', 'time,a\n1,1e999\n', "'1e999' for channel 'a', expected a finite number"],
    ['broken quote', 'time,a,b\n1,"2,3\n', 'line 2 has 2 cells, expected 3'],
    ['bad time', 'time,a\nnow,1\n', "line 2 has the time 'now'"],
    [
      'changed time',
      'time,a\n1,1\n2026-01-01,1\n',
      "line 3 has the time '2026-01-01', expected Unix time in s",
    ],
    [
      'row that goes back',
      'time,a\n5,1\n3,2\n',
      'line 3 is earlier than the row before it: sort the file by time',
    ],
    [
      'day that is not',
      'time,a\n2026-02-28,1\n2026-02-30,1\n',
      "line 3 has the time '2026-02-30', expected a day that the calendar has",
    ],
    [
      'unit that changes',
      'time,a\n1764470000,1\n1764470001000,1\n',
      "line 3 has the time '1764470001000', which looks like milliseconds, expected seconds: write all rows in one unit, or divide it by 1e3",
    ],
    [
      'wrong unit',
      'time[ms],a\n1764470000000000000,1\n',
      "line 2 has the time '1764470000000000000', which looks like nanoseconds, expected milliseconds: correct timeUnit or the unit in the header, or divide it by 1e6",
    ],
    ['infinite time', 'time,a\n1,1\n1e400,1\n', "line 3 has the time '1e400', expected seconds"],
    ['no rows', 'time,a\n\n', 'has a header but no readable row'],
    ['binary', `time,a\n${'x'.repeat(LONGEST_LINE + 1)}`, 'line 2 is longer than'],
  ])('refuses a %s and names the line', async (_, content, message) => {
    const path = file(content);
    const reading = rowsOf(path);
    await expect(reading).rejects.toThrow(SourceError);
    await expect(reading).rejects.toThrow(`${path} `);
    await expect(reading).rejects.toThrow(message);
  });

  it.each([
    ['empty file', '', 'is empty'],
    ['blank file', '\n \n', 'is empty'],
    ['file without header', '1,2,3\n', 'line 1 holds numbers where a header'],
    ['header without time', 'a,b\n1,2\n', 'line 1 has no time column (it has a, b)'],
    ['file of one long line', 'a'.repeat(5000), `no time column (it has ${'a'.repeat(60)}...)`],
    ['header without channels', 'time\n1\n', 'line 1 names no channel'],
    ['doubled channel', 'time,a,a[V]\n', "line 1 names channel 'a' twice"],
    ['unnamed channel', 'time,a,\n', 'line 1 has no name for column 3'],
  ])('refuses an %s when it opens', (_, content, message) => {
    const path = file(content);
    expect(() => openCsv(path)).toThrow(SourceError);
    expect(() => openCsv(path)).toThrow(message);
  });

  it('names a missing file, a folder, a false and a cut-off gzip file', async () => {
    expect(() => openCsv('/no/such.csv')).toThrow('/no/such.csv does not exist');
    expect(() => openCsv(tempFolder())).toThrow('is a folder');
    expect(() => openCsv(file('time,a\n', 'text.csv.gz'))).toThrow('not a readable gzip file');
    const whole = gzipSync(`time,a\n${'1,2\n'.repeat(50)}`);
    const cut = file(whole.subarray(0, whole.length - 10), 'cut.csv.gz');
    await expect(rowsOf(cut)).rejects.toThrow('the gzip file is cut off');
  });

  it('loses only what is broken when it skips bad rows', async () => {
    const faults: string[] = [];
    const path = file('time,a,b\n1,1,1\n2,bad,2\n3,3\nnow,4,4\n5,"5,5\n6,6,6\n');
    const rows = await rowsOf(path, { onBadRow: 'skip' }, (fault) => faults.push(fault));
    expect(plain(rows)).toEqual([
      [1000, 1, 1],
      [2000, Number.NaN, 2],
      [6000, 6, 6],
    ]);
    expect(faults.map((fault) => /line \d/.exec(fault)?.[0])).toEqual([
      'line 3',
      'line 4',
      'line 5',
      'line 6',
    ]);
  });
});
