// Blocks of rows on the disk, one file each: whole or absent, and deleted as a whole.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** A block on the disk. */
export interface BlockFile {
  readonly name: string;
  /** Total recorded time when it was written, milliseconds; ascends even if the clock is set back. */
  readonly recordedMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** `<recorded>_<from>-<to>.rows`. Earlier releases wrote no first number; times before 1970 are negative. */
const NAME = /^(?:(\d+)_)?(-?\d+)-(-?\d+)\.rows$/;

/** The same for every block: the next block overwrites what a full disk or a kill has left. */
const UNFINISHED = 'unfinished.tmp';

/** In the order in which they were written; empty without a folder. */
export function listBlocks(folder: string): BlockFile[] {
  return namesIn(folder)
    .flatMap((name) => {
      const [, recorded, from, to] = NAME.exec(name) ?? [];
      if (!from || !to) return [];
      const toMs = Number(to);
      return [
        { name, recordedMs: Number(recorded ?? Math.max(0, toMs)), fromMs: Number(from), toMs },
      ];
    })
    .sort((a, b) => a.recordedMs - b.recordedMs);
}

/** Not synced: a power cut may damage the newest blocks, which their checksums show. Throws errors of the file system. */
export function writeBlock(folder: string, block: RowBlock, recordedMs: number): BlockFile {
  const fromMs = Math.floor(block.timeMs[0] ?? 0);
  const toMs = Math.ceil(block.timeMs.at(-1) ?? 0);
  const name = `${recordedMs}_${fromMs}-${toMs}.rows`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(join(folder, UNFINISHED), encodeBlock(block));
    renameSync(join(folder, UNFINISHED), join(folder, name));
  } catch (error) {
    rmSync(join(folder, UNFINISHED), { force: true }); // a full disk needs the room
    throw error;
  }
  return { name, recordedMs, fromMs, toMs };
}

/** undefined when the block is missing or damaged. */
export function readBlockSync(
  folder: string,
  { name }: BlockFile,
  width: number,
): RowBlock | undefined {
  try {
    return decodeBlock(readFileSync(join(folder, name)), width);
  } catch {
    return undefined; // training does not need every block
  }
}

/** Like `readBlockSync`, without blocking the next row. */
export async function readBlock(
  folder: string,
  { name }: BlockFile,
  width: number,
): Promise<RowBlock | undefined> {
  try {
    return decodeBlock(await readFile(join(folder, name)), width);
  } catch {
    return undefined; // as above
  }
}

export function removeBlock(folder: string, { name }: BlockFile): void {
  rmSync(join(folder, name), { force: true });
}

/** Deletes all but `keep`: rows of other channels are of no use. */
export function removeOthers(parent: string, keep: string): void {
  for (const name of namesIn(parent)) {
    if (name !== keep) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not there yet
  }
}

/** Consecutive rows of a stream: `timeMs` is (N,) and ascending, `values` (N, C) row-major in channel units. */
export interface RowBlock {
  readonly timeMs: Float64Array;
  readonly values: Float64Array;
}

const MAGIC = 0x31524753; // 'SGR1'
/** Magic, C, N, checksum: four words, so that the doubles are aligned. */
const HEADER_BYTES = 16;

export function encodeBlock({ timeMs, values }: RowBlock): Uint8Array {
  const rows = timeMs.length;
  const bytes = new Uint8Array(HEADER_BYTES + 8 * (rows + values.length));
  const body = new Float64Array(bytes.buffer, HEADER_BYTES);
  body.set(timeMs);
  body.set(values, rows);
  const checksum = crc32(bytes.subarray(HEADER_BYTES));
  new Uint32Array(bytes.buffer, 0, 4).set([MAGIC, values.length / rows, rows, checksum]);
  return bytes;
}

/** undefined for a block that is cut short, damaged, or of another width. */
export function decodeBlock(bytes: Uint8Array, width: number): RowBlock | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const whole = new Uint8Array(bytes); // a file's bytes may lie anywhere in a pool; slice() of a Buffer is no copy
  const [magic, foundWidth, rows = 0, checksum] = new Uint32Array(whole.buffer, 0, 4);
  if (magic !== MAGIC || foundWidth !== width) return undefined;
  if (whole.length !== HEADER_BYTES + 8 * rows * (1 + width)) return undefined;
  if (crc32(whole.subarray(HEADER_BYTES)) !== checksum) return undefined;
  const body = new Float64Array(whole.buffer, HEADER_BYTES);
  return { timeMs: body.slice(0, rows), values: body.slice(rows) };
}

/** One block of all rows; `width` is C. */
export function joinBlocks(blocks: readonly RowBlock[], width: number): RowBlock {
  const rows = blocks.reduce((sum, { timeMs }) => sum + timeMs.length, 0);
  const timeMs = new Float64Array(rows);
  const values = new Float64Array(rows * width);
  let row = 0;
  for (const block of blocks) {
    timeMs.set(block.timeMs, row);
    values.set(block.values, row * width);
    row += block.timeMs.length;
  }
  return { timeMs, values };
}
