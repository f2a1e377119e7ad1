import { mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBlock, encodeBlock } from '../../../src/io/rows/row-block.ts';
import { openRowRing, type RowRingSetup } from '../../../src/io/rows/row-ring.ts';
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

  it('drops what was measured in a future that is taken back', async () => {
    const { rows } = ring();
    fill(rows, 0, 1300);
    fill(rows, 700, 710);
    expect(await kept(rows)).toEqual([...range(0, 600), ...range(700, 710)]);
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

  it('leaves one unfinished block at most where it cannot write', () => {
    const { rows: writing, setup: written } = ring();
    fill(writing, 0, 1900);
    const [inner = ''] = readdirSync(written.folder);
    const names = readdirSync(join(written.folder, inner));
    const { rows, setup, faults } = ring();
    for (const name of names) mkdirSync(join(setup.folder, inner, name), { recursive: true });
    fill(rows, 0, 1900);
    expect(names).toHaveLength(3);
    expect(faults).toHaveLength(1);
    expect(readdirSync(join(setup.folder, inner))).toHaveLength(3 + 1);
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
