// One file a block, named after its first and last time: whole or absent, and forgotten by being deleted.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeBlock, encodeBlock, type RowBlock } from './row-block.ts';

/** A block on the disk. */
export interface BlockFile {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const NAME = /^(\d+)-(\d+)\.rows$/;

/** The same for every block: what a full disk or a kill leaves of one, the next overwrites. */
const UNFINISHED = 'unfinished.tmp';

/** Oldest first; none where there is no folder. */
export function listBlocks(folder: string): BlockFile[] {
  return namesIn(folder)
    .flatMap((name) => {
      const [, from, to] = NAME.exec(name) ?? [];
      return from && to ? [{ name, fromMs: Number(from), toMs: Number(to) }] : [];
    })
    .sort((a, b) => a.fromMs - b.fromMs);
}

/** Not synced: a power cut may take the newest blocks, and their checksums tell. Throws what the file system throws. */
export function writeBlock(folder: string, block: RowBlock): BlockFile {
  const fromMs = Math.floor(block.timeMs[0] ?? 0);
  const toMs = Math.ceil(block.timeMs.at(-1) ?? 0);
  const name = `${fromMs}-${toMs}.rows`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, UNFINISHED), encodeBlock(block));
  renameSync(join(folder, UNFINISHED), join(folder, name));
  return { name, fromMs, toMs };
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
