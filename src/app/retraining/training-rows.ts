// From what was kept of a stream to what may be learnt from it.
import { CalibrationError } from '../../core/errors.ts';
import type { Channel } from '../../core/sample.ts';
import { type Exclusion, isExcluded, type Series } from '../../core/series.ts';
import { joinBlocks, type RowBlock } from '../../io/rows/row-blocks.ts';
import type { BlockReader } from '../../io/rows/row-ring.ts';

export interface Wanted {
  readonly streamId: string;
  readonly channels: readonly Channel[];
  readonly exclusions: readonly Exclusion[];
  /** Rows without which there is no training, and rows that are enough. */
  readonly least: number;
  readonly most: number;
}

/**
 * Rows of the blocks, oldest first, without the excluded; where they are too many, whole blocks are left out evenly.
 * Reads blocks twice, so that it never has more than it returns. Throws `CalibrationError` when too few are left.
 */
export async function trainingRows(
  blocks: readonly BlockReader[],
  wanted: Wanted,
): Promise<Series> {
  const { streamId, channels, least, most } = wanted;
  const counts: Count[] = [];
  let kept = 0;
  for (const read of blocks) {
    const block = await read();
    if (!block) continue;
    kept += block.timeMs.length;
    counts.push({ read, rows: withoutExcluded(block, wanted).timeMs.length });
  }
  const rows = counts.reduce((sum, count) => sum + count.rows, 0);
  if (rows < least) {
    throw new CalibrationError(
      `stream '${streamId}' has ${rows} rows to learn from, of ${kept} kept, and needs ${least}: ` +
        'wait, or mark false alerts as normal',
      { code: 'SEN_CAL_TOO_SHORT' },
    );
  }
  const taken: RowBlock[] = [];
  for (const { read } of thinned(counts, rows, most)) {
    const block = await read();
    if (block) taken.push(withoutExcluded(block, wanted));
  }
  return { id: streamId, channels, ...joinBlocks(taken, channels.length) };
}

interface Count {
  readonly read: BlockReader;
  /** Those that may be learnt from. */
  readonly rows: number;
}

function withoutExcluded(
  { timeMs, values }: RowBlock,
  { channels: { length: width }, exclusions }: Wanted,
): RowBlock {
  const rows = [...timeMs.keys()].filter((row) => !isExcluded(exclusions, timeMs[row] as number));
  if (rows.length === timeMs.length) return { timeMs, values };
  const left = new Float64Array(rows.length * width);
  for (const [i, row] of rows.entries()) {
    left.set(values.subarray(row * width, (row + 1) * width), i * width);
  }
  return { timeMs: Float64Array.from(rows, (row) => timeMs[row] as number), values: left };
}

/** Of `rows` rows in blocks those that hold about `most` together, the newest among them. */
function thinned(counts: readonly Count[], rows: number, most: number): readonly Count[] {
  if (rows <= most) return counts;
  let owed = (counts.at(-1)?.rows ?? 0) / 2;
  const taken = counts.toReversed().filter((count) => {
    owed += (count.rows * most) / rows;
    const takes = owed >= count.rows / 2;
    if (takes) owed -= count.rows;
    return takes;
  });
  return taken.toReversed();
}
