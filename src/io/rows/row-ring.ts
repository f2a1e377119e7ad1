// The last hours of a stream's raw rows, for its next training: gathered in memory, written in blocks, bounded in both.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Channel } from '../../core/sample.ts';
import {
  type BlockFile,
  joinBlocks,
  listBlocks,
  type RowBlock,
  readBlock,
  readBlockSync,
  removeBlock,
  removeOthers,
  writeBlock,
} from './row-blocks.ts';

export interface RowRingSetup {
  /** Of this stream alone. */
  readonly folder: string;
  readonly channels: readonly Channel[];
  /** Rows are deleted after so much newer recorded time, milliseconds; a gap counts as ten minutes at most. */
  readonly keepMs: number;
  /** Most bytes to write in a day; if rows come faster, some blocks are not written. */
  readonly bytesPerDay: number;
  /** Called when a block cannot be written; again only after one was written. */
  readonly onFault: (error: Error) => void;
}

/** undefined when the block is gone or damaged. */
export type BlockReader = () => Promise<RowBlock | undefined>;

/**
 * Times are those of the rows, so that a replayed recording keeps its times. When the clock is set, back or ahead, earlier
 * rows stay: which of the times are wrong is unknown, and training does not depend on them.
 */
export interface RowRing {
  /** `values` is (C,) in channel units and is copied. A row that is not newer than the last is left out. */
  add(timeMs: number, values: Float64Array): void;
  /** The newest rows, at most `count`, oldest first; none from before the clock was set back. */
  newest(count: number): RowBlock;
  /** All blocks, in the order in which their rows came. They are read one by one: a day of rows needs too much memory. */
  blocks(): readonly BlockReader[];
  /** The earliest and the latest time of a row, Unix milliseconds. */
  span(): readonly [fromMs: number, toMs: number];
  /** Recorded time since the first kept row, milliseconds; a gap counts as ten minutes at most. */
  coveredMs(): number;
  /** Writes the gathered rows. */
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
  /** Total recorded time, milliseconds: ascends even if the clock is set back. */
  #recordedMs: number;
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
    this.#recordedMs = this.#files.at(-1)?.recordedMs ?? 0;
  }

  add(timeMs: number, values: Float64Array): void {
    const setBack = timeMs < this.#lastMs - CLOCK_JUMP_MS;
    if (timeMs <= this.#lastMs && !setBack) return;
    const full = this.#rows === this.#times.length;
    if (full || setBack || (this.#rows > 0 && timeMs - (this.#times[0] as number) >= BLOCK_MS))
      this.flush();
    this.#times[this.#rows] = timeMs;
    this.#values.set(values, this.#rows * this.#width);
    this.#rows += 1;
    this.#recordedMs += Math.min(Math.abs(timeMs - this.#lastMs), BLOCK_MS);
    this.#lastMs = timeMs;
  }

  newest(count: number): RowBlock {
    const blocks = [this.#gathered()];
    let rows = this.#rows;
    for (const file of [...this.#files].reverse()) {
      if (rows >= count) break;
      const block = readBlockSync(this.#folder, file, this.#width);
      const laterMs = blocks[0]?.timeMs[0] ?? Number.POSITIVE_INFINITY;
      // rows before a gap in the blocks, or before the clock was set back, are not the newest
      if (!block || (block.timeMs.at(-1) as number) >= laterMs) break;
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
    return [
      Math.min(gathered, ...this.#files.map(({ fromMs }) => fromMs)),
      Math.max(this.#lastMs, ...this.#files.map(({ toMs }) => toMs)),
    ];
  }

  coveredMs(): number {
    const [first] = this.#files;
    if (first) return this.#recordedMs - first.recordedMs + (first.toMs - first.fromMs);
    return this.#rows > 0 ? this.#lastMs - (this.#times[0] as number) : 0;
  }

  flush(): void {
    if (this.#rows === 0) return;
    const block = this.#gathered();
    this.#rows = 0;
    try {
      this.#forget(); // first: it makes room on a full disk
      this.#write(block);
    } catch (error) {
      if (!this.#failing) this.#setup.onFault(error as Error);
      this.#failing = true;
    }
  }

  #write(block: RowBlock): void {
    const bytes = block.timeMs.byteLength + block.values.byteLength;
    if (!this.#allowance.take(bytes, this.#lastMs)) return;
    this.#files.push(writeBlock(this.#folder, block, Math.round(this.#recordedMs)));
    this.#failing = false;
  }

  #gathered(): RowBlock {
    return {
      timeMs: this.#times.slice(0, this.#rows),
      values: this.#values.slice(0, this.#rows * this.#width),
    };
  }

  #forget(): void {
    const untilMs = this.#recordedMs - this.#setup.keepMs;
    const isOld = ({ recordedMs }: BlockFile): boolean => recordedMs < untilMs;
    for (const file of this.#files.filter(isOld)) removeBlock(this.#folder, file);
    this.#files = this.#files.filter((file) => !isOld(file));
  }
}

/** Spreads writing evenly over the day: an allowance that grows with time, and that each block uses up a part of. */
interface WriteAllowance {
  /** Whether a block of that size may be written now; if so, the allowance is reduced. */
  take(bytes: number, timeMs: number): boolean;
}

/** Bytes written for a block besides its rows: its last page, its name and the journal of the file system. */
const BLOCK_COST_BYTES = 12_288;

const DAY_MS = 86_400_000;

/** `largestBytes`, one block, is the largest allowance and the first one. */
function createWriteAllowance(bytesPerDay: number, largestBytes: number): WriteAllowance {
  const most = largestBytes + BLOCK_COST_BYTES;
  let saved = most;
  let seenMs: number | undefined;
  return {
    take(bytes, timeMs) {
      const passedMs = Math.max(0, timeMs - (seenMs ?? timeMs)); // the clock may be set back
      saved = Math.min(most, saved + (passedMs / DAY_MS) * bytesPerDay);
      seenMs = timeMs;
      const cost = bytes + BLOCK_COST_BYTES;
      if (cost > saved) return false;
      saved -= cost;
      return true;
    },
  };
}
