import { mkdirSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBlock, encodeBlock } from '../../../src/io/rows/row-blocks.ts';
import { openRowRing, type RowRingSetup } from '../../../src/io/rows/row-ring.ts';
import { importName, mayMount, runOnSmallDisk } from '../small-disk.ts';
import { tempFolder } from '../temp-folder.ts';

const START_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const channels = [
  { id: 'a', unit: '' },
  { id: 'b', unit: 'W' },
];

function ring(changes: Partial<RowRingSetup> = {}) {
  const faults: Error[] = [];
  const setup: RowRingSetup = {
    folder: tempFolder(),
    channels,
    keepMs: 24 * HOUR_MS,
    bytesPerDay: 1e9,
    onFault: (error) => void faults.push(error),
    ...changes,
  };
  return { setup, faults, rows: openRowRing(setup), again: () => openRowRing(setup) };
}

/** Row n holds n and -n, a second after the row before. */
function fill(rows: ReturnType<typeof openRowRing>, from: number, to: number): void {
  for (let n = from; n < to; n += 1) rows.add(START_MS + n * 1000, Float64Array.of(n, -n));
}

const firsts = (values: Float64Array) => [...values].filter((_, i) => i % 2 === 0);
async function read(rows: ReturnType<typeof openRowRing>) {
  const blocks = await Promise.all(rows.blocks().map((block) => block()));
  return blocks.filter((block) => block !== undefined);
}

const kept = async (rows: ReturnType<typeof openRowRing>) =>
  (await read(rows)).flatMap(({ values }) => firsts(values));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('a ring of rows', () => {
  it('knows how long rows have come that it has, with ten minutes for any gap, over a restart', () => {
    const { rows, again } = ring({ keepMs: HOUR_MS });
    expect(rows.coveredMs()).toBe(0);
    fill(rows, 0, 1500);
    expect(rows.coveredMs()).toBe(1_499_000);
    rows.flush();
    expect(again().coveredMs()).toBe(1_499_000);
    fill(rows, 100_000, 100_900);
    expect(rows.coveredMs()).toBe(1_499_000 + 600_000 + 899_000);
    fill(rows, 101_000, 110_000);
    expect(rows.coveredMs()).toBeGreaterThan(0.95 * HOUR_MS);
    expect(rows.coveredMs()).toBeLessThan(HOUR_MS + 1_800_000);
  });

  it('gives back every row in order, over a restart', async () => {
    const { rows, again } = ring();
    fill(rows, 0, 1500);
    expect(await kept(rows)).toEqual(range(0, 1500));
    rows.flush();
    expect(await kept(again())).toEqual(range(0, 1500));
  });

  it('loses ten minutes at most when it is not flushed', async () => {
    const { rows, again } = ring();
    fill(rows, 0, 1500);
    expect(await kept(again())).toEqual(range(0, 1200));
  });

  it('forgets what is older than it should keep, by whole blocks', async () => {
    const { rows } = ring({ keepMs: HOUR_MS });
    fill(rows, 0, 4 * 3600);
    const [oldest = 0] = await kept(rows);
    expect(rows.span()).toEqual([START_MS + oldest * 1000, START_MS + (4 * 3600 - 1) * 1000]);
    expect(oldest).toBeGreaterThanOrEqual(3 * 3600 - 1200);
    expect(oldest).toBeLessThanOrEqual(3 * 3600);
  });

  it('knows its newest rows, on the disk and in memory', () => {
    const { rows } = ring();
    fill(rows, 0, 1250);
    expect(firsts(rows.newest(100).values)).toEqual(range(1150, 1250));
    expect(firsts(rows.newest(5000).values)).toEqual(range(0, 1250));
    expect(rows.newest(3).timeMs[0]).toBe(START_MS + 1_247_000);
  });

  it('keeps within its budget by leaving whole blocks out, all over the day', async () => {
    const bytesPerDay = 1e6; // a day of 600 rows of 24 bytes each is 2 MB and 144 times the cost of a block
    const { rows } = ring({ bytesPerDay });
    fill(rows, 0, 24 * 3600);
    const blocks = await read(rows);
    const bytes = blocks.reduce((sum, { timeMs }) => sum + 24 * timeMs.length + 12_288, 0);
    expect(bytes).toBeLessThan(bytesPerDay + 300_000);
    expect(bytes).toBeGreaterThan(0.8 * bytesPerDay);
    expect(blocks.every(({ timeMs }) => timeMs.length === 600)).toBe(true);
    const gaps = blocks
      .slice(1)
      .map(({ timeMs }, i) => (timeMs[0] ?? 0) - (blocks[i]?.timeMs[0] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(HOUR_MS);
  });

  it('keeps what it has when the clock is set back, in the order in which it came, over a restart', async () => {
    const { rows, again } = ring();
    fill(rows, 0, 1300);
    fill(rows, 700, 710);
    const all = [...range(0, 1300), ...range(700, 710)];
    expect(await kept(rows)).toEqual(all);
    expect(rows.span()).toEqual([START_MS, START_MS + 1_299_000]);
    expect(firsts(rows.newest(100).values)).toEqual(range(700, 710));
    rows.flush();
    const reopened = again();
    expect(await kept(reopened)).toEqual(all);
    expect(reopened.span()).toEqual([START_MS, START_MS + 1_299_000]);
    fill(reopened, 710, 720); // goes on where it was, not where the clock had been
    expect(await kept(reopened)).toEqual([...all, ...range(710, 720)]);
  });

  it.each([800, -800])(
    'loses an hour at most to 8 s of a clock that is wrong by %d days (#18)',
    async (days) => {
      const { rows, again } = ring({ keepMs: 6 * HOUR_MS });
      const [from, wrong] = [6 * 3600, days * 86_400];
      fill(rows, 0, from);
      fill(rows, from + wrong, from + wrong + 8);
      rows.flush();
      fill(rows, from + 8, from + 1300);
      const right = async (of: typeof rows) =>
        (await kept(of)).filter((n) => n >= 0 && n < from + 1300);
      expect((await right(rows)).length).toBeGreaterThan(5 * 3600);
      rows.flush();
      const reopened = again();
      expect((await right(reopened)).length).toBeGreaterThan(5 * 3600);
      fill(reopened, from + 1300, 3 * from);
      expect(await kept(reopened)).toEqual(range((await kept(reopened))[0] ?? 0, 3 * from));
    },
  );

  it('does not count time without rows', async () => {
    const { rows } = ring({ keepMs: 6 * HOUR_MS });
    const weekS = 7 * 86_400;
    fill(rows, 0, 3 * 3600);
    fill(rows, weekS, weekS + 3600); // the daemon was off
    expect(await kept(rows)).toEqual([...range(0, 3 * 3600), ...range(weekS, weekS + 3600)]);
  });

  it('reads what an earlier release wrote', async () => {
    const { rows, setup, again } = ring();
    fill(rows, 0, 1900);
    const [inner = ''] = readdirSync(setup.folder);
    const folder = join(setup.folder, inner);
    for (const name of readdirSync(folder)) {
      renameSync(join(folder, name), join(folder, name.replace(/^\d+_/, '')));
    }
    expect(readdirSync(folder)).toContain(`${START_MS}-${START_MS + 599_000}.rows`);
    const reopened = again();
    expect(await kept(reopened)).toEqual(range(0, 1800));
    fill(reopened, 1800, 2500);
    expect(await kept(reopened)).toEqual(range(0, 2500));
  });

  it.skipIf(!mayMount)('makes room on a disk that is full, and goes on (#18)', () => {
    const program = `
      const { writeFileSync } = await import('node:fs');
      const { openRowRing } = await import(${importName('src/io/rows/row-ring.ts')});
      const faults = [];
      const channels = [{ id: 'a', unit: '' }, { id: 'b', unit: 'W' }];
      const onFault = (error) => faults.push(error?.code);
      const rows = openRowRing({ folder: 'rows', channels, keepMs: 3_600_000, bytesPerDay: 1e9, onFault });
      const fill = (from, to) => { for (let n = from; n < to; n += 1) rows.add(n * 1000, Float64Array.of(n, -n)); };
      fill(0, 7200);
      try { writeFileSync('filler', Buffer.alloc(1e6)); } catch { /* there is no room for all of it */ }
      fill(7200, 36_000);
      console.log(JSON.stringify(faults), Math.round(rows.span()[0] / 1000) > 36_000 - 2 * 3600);`;
    expect(runOnSmallDisk(program, '400k')).toBe('[] true\n');
  });

  it('leaves out rows that are late or come twice', async () => {
    const { rows } = ring();
    fill(rows, 0, 5);
    fill(rows, 3, 7);
    expect(await kept(rows)).toEqual(range(0, 7));
  });

  it('passes over blocks that are damaged or cut short', async () => {
    const { rows, setup, again } = ring();
    fill(rows, 0, 1900);
    const [inner = ''] = readdirSync(setup.folder);
    const folder = join(setup.folder, inner);
    const [first = '', second = ''] = readdirSync(folder).sort();
    truncateSync(join(folder, first), 100);
    writeFileSync(join(folder, second), 'nonsense');
    expect(await kept(again())).toEqual(range(1200, 1800));
  });

  it('forgets rows of other channels', async () => {
    const { rows, setup } = ring();
    fill(rows, 0, 700);
    const other = openRowRing({ ...setup, channels: [{ id: 'a', unit: '' }] });
    expect(await read(other)).toEqual([]);
    expect(await read(openRowRing(setup))).toEqual([]);
  });

  it('tells once of a disk that takes nothing, and goes on', () => {
    const folder = join(tempFolder(), 'file');
    writeFileSync(folder, '');
    const { rows, faults } = ring({ folder });
    fill(rows, 0, 2000);
    expect(faults).toHaveLength(1);
    expect(firsts(rows.newest(10).values)).toEqual(range(1990, 2000));
  });

  it('leaves no unfinished block where it cannot write', () => {
    const { rows: writing, setup: written } = ring();
    fill(writing, 0, 1900);
    const [inner = ''] = readdirSync(written.folder);
    const names = readdirSync(join(written.folder, inner));
    const { rows, setup, faults } = ring();
    for (const name of names) mkdirSync(join(setup.folder, inner, name), { recursive: true });
    fill(rows, 0, 1900);
    expect(names).toHaveLength(3);
    expect(faults).toHaveLength(1);
    expect(readdirSync(join(setup.folder, inner))).toHaveLength(3);
  });

  it('goes on in a folder of its own that was deleted', async () => {
    const { rows, setup, faults } = ring();
    fill(rows, 0, 700);
    rmSync(setup.folder, { recursive: true });
    fill(rows, 700, 1400);
    expect(await kept(rows)).toEqual(range(600, 1400));
    expect(faults).toEqual([]);
  });
});

describe('a block of rows', () => {
  it('is read wherever in a pool its bytes lie', () => {
    const block = { timeMs: Float64Array.of(START_MS), values: Float64Array.of(7) };
    const bytes = encodeBlock(block);
    const pool = Buffer.alloc(bytes.length + 3);
    pool.set(bytes, 3);
    expect(decodeBlock(pool.subarray(3), 1)).toEqual(block);
  });

  it('survives its bytes, readings that are missing too, and knows every damage', () => {
    const values = fc.array(fc.double(), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.nat(), fc.integer({ min: 1, max: 255 }), (found, at, change) => {
        const block = {
          timeMs: Float64Array.from(found, (_, i) => START_MS + i),
          values: Float64Array.from(found),
        };
        const bytes = encodeBlock(block);
        expect(decodeBlock(bytes, 1)).toEqual(block);
        expect(decodeBlock(bytes, 2)).toBeUndefined();
        const place = at % bytes.length;
        bytes[place] = (bytes[place] as number) ^ change;
        expect(decodeBlock(bytes, 1)).toBeUndefined();
      }),
    );
  });
});
