// One file a block: whole or absent, and forgotten by being deleted. Its name says how many milliseconds of rows there had
// been when it was written, by which blocks are ordered, and its first and last time.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeBlock, encodeBlock, type RowBlock } from './row-block.ts';

/** A block on the disk. */
export interface BlockFile {
  readonly name: string;
  /** How long rows had come when it was written, milliseconds; ascends whatever clocks do. */
  readonly recordedMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Earlier releases wrote no first number; times before 1970 are negative. */
const NAME = /^(?:(\d+)_)?(-?\d+)-(-?\d+)\.rows$/;

/** The same for every block: what a full disk or a kill leaves of one, the next overwrites. */
const UNFINISHED = 'unfinished.tmp';

/** In the order in which they were written; none where there is no folder. */
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

/** Not synced: a power cut may take the newest blocks, and their checksums tell. Throws what the file system throws. */
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

/** At once, for what the next row waits for. undefined when it is gone or damaged. */
export function readBlockSync(
  folder: string,
  { name }: BlockFile,
  width: number,
): RowBlock | undefined {
  try {
    return decodeBlock(readFileSync(join(folder, name)), width);
  } catch {
    return undefined; // it is one stretch of many, and training can do without it
  }
}

/** As `readBlockSync`, without keeping rows waiting. */
export async function readBlock(
  folder: string,
  { name }: BlockFile,
  width: number,
): Promise<RowBlock | undefined> {
  try {
    return decodeBlock(await readFile(join(folder, name)), width);
  } catch {
    return undefined; // as there
  }
}

export function removeBlock(folder: string, { name }: BlockFile): void {
  rmSync(join(folder, name), { force: true });
}

/** Leaves nothing beside `keep`: rows of other channels teach nothing about these. */
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
