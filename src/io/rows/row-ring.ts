// The last hours of a stream's raw rows, for its next training: gathered in memory, written in blocks, bounded in both.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Channel } from '../../core/sample.ts';
import {
  type BlockFile,
  listBlocks,
  readBlock,
  readBlockSync,
  removeBlock,
  removeOthers,
  writeBlock,
} from './block-files.ts';
import { joinBlocks, type RowBlock } from './row-block.ts';
import { createWriteAllowance, type WriteAllowance } from './write-allowance.ts';

export interface RowRingSetup {
  /** Of this stream alone. */
  readonly folder: string;
  readonly channels: readonly Channel[];
  /** Rows older than the newest by more are forgotten, milliseconds. */
  readonly keepMs: number;
  /** Most bytes to write in a day; where rows come faster, whole blocks are left out between others. */
  readonly bytesPerDay: number;
  /** Told once when the disk does not take a block, and again after it took one. */
  readonly onFault: (error: Error) => void;
}

/** undefined when the block is gone or damaged. */
export type BlockReader = () => Promise<RowBlock | undefined>;

/** Times are those of the rows, so that a recording that is replayed is kept as it was. */
export interface RowRing {
  /** `values` is (C,) in channel units and is copied. A row that is not newer than the last is left out. */
  add(timeMs: number, values: Float64Array): void;
  /** The newest rows, at most `count`, oldest first. */
  newest(count: number): RowBlock;
  /** All blocks, oldest first; a day of them is too much to have in memory at once. */
  blocks(): readonly BlockReader[];
  /** Times of the oldest and the newest row, Unix milliseconds. */
  span(): readonly [fromMs: number, toMs: number];
  /** Writes what is gathered. */
  flush(): void;
}

/** Longest stretch in memory, which is what a crash may lose, milliseconds ... */
const BLOCK_MS = 600_000;
/** ... and its most bytes. */
const BLOCK_BYTES = 262_144;

/** A row older than the last by more means that the clock was set back, milliseconds; as for windows. */
const CLOCK_JUMP_MS = 10_000;

export function openRowRing(setup: RowRingSetup): RowRing {
  const hash = createHash('sha256').update(JSON.stringify(setup.channels)).digest('hex');
  const name = hash.slice(0, 12);
  removeOthers(setup.folder, name);
  return new Ring(join(setup.folder, name), setup);
}

class Ring implements RowRing {
  readonly #folder: string;
  readonly #setup: RowRingSetup;
  readonly #width: number;
  readonly #times: Float64Array;
  readonly #values: Float64Array;
  readonly #allowance: WriteAllowance;
  #files: BlockFile[];
  #rows = 0;
  #lastMs: number;
  #failing = false;

  constructor(folder: string, setup: RowRingSetup) {
    const width = setup.channels.length;
    const capacity = Math.max(1, Math.floor(BLOCK_BYTES / (8 * (width + 1))));
    this.#folder = folder;
    this.#setup = setup;
    this.#width = width;
    this.#times = new Float64Array(capacity);
    this.#values = new Float64Array(capacity * width);
    this.#allowance = createWriteAllowance(setup.bytesPerDay, BLOCK_BYTES);
    this.#files = listBlocks(folder);
    this.#lastMs = this.#files.at(-1)?.toMs ?? Number.NEGATIVE_INFINITY;
  }

  add(timeMs: number, values: Float64Array): void {
    if (timeMs < this.#lastMs - CLOCK_JUMP_MS) this.#forgetFrom(timeMs);
    if (timeMs <= this.#lastMs) return;
    const full = this.#rows === this.#times.length;
    if (full || (this.#rows > 0 && timeMs - (this.#times[0] as number) >= BLOCK_MS)) this.flush();
    this.#times[this.#rows] = timeMs;
    this.#values.set(values, this.#rows * this.#width);
    this.#rows += 1;
    this.#lastMs = timeMs;
  }

  newest(count: number): RowBlock {
    const blocks = [this.#gathered()];
    let rows = this.#rows;
    for (const file of [...this.#files].reverse()) {
      if (rows >= count) break;
      const block = readBlockSync(this.#folder, file, this.#width);
      if (!block) break; // what lies before a hole is not what came last
      blocks.unshift(block);
      rows += block.timeMs.length;
    }
    const all = joinBlocks(blocks, this.#width);
    const from = Math.max(0, rows - count);
    return { timeMs: all.timeMs.slice(from), values: all.values.slice(from * this.#width) };
  }

  blocks(): readonly BlockReader[] {
    const written = this.#files.map((file) => () => readBlock(this.#folder, file, this.#width));
    const gathered = this.#gathered();
    return this.#rows === 0 ? written : [...written, () => Promise.resolve(gathered)];
  }

  span(): readonly [fromMs: number, toMs: number] {
    const gathered = this.#rows > 0 ? (this.#times[0] as number) : this.#lastMs;
    return [this.#files[0]?.fromMs ?? gathered, this.#lastMs];
  }

  flush(): void {
    if (this.#rows === 0) return;
    const block = this.#gathered();
    this.#rows = 0;
    const bytes = block.timeMs.byteLength + block.values.byteLength;
    if (!this.#allowance.take(bytes, this.#lastMs)) return;
    try {
      this.#files.push(writeBlock(this.#folder, block));
      this.#failing = false;
      this.#forgetUntil(this.#lastMs - this.#setup.keepMs);
    } catch (error) {
      if (!this.#failing) this.#setup.onFault(error as Error);
      this.#failing = true;
    }
  }

  #gathered(): RowBlock {
    return {
      timeMs: this.#times.slice(0, this.#rows),
      values: this.#values.slice(0, this.#rows * this.#width),
    };
  }

  #forgetUntil(timeMs: number): void {
    this.#forget(({ toMs }) => toMs < timeMs);
  }

  /** The clock was set back: what carries later times was measured by a clock that was wrong. */
  #forgetFrom(timeMs: number): void {
    this.#rows = 0;
    this.#forget(({ toMs }) => toMs >= timeMs);
    this.#lastMs = this.#files.at(-1)?.toMs ?? Number.NEGATIVE_INFINITY;
  }

  #forget(old: (file: BlockFile) => boolean): void {
    for (const file of this.#files.filter(old)) removeBlock(this.#folder, file);
    this.#files = this.#files.filter((file) => !old(file));
  }
}
