// From what was kept of a stream to what may be learnt from it.
import { CalibrationError } from '../../core/errors.ts';
import { type Exclusion, isExcluded } from '../../core/exclusion.ts';
import type { Channel } from '../../core/sample.ts';
import type { Series } from '../../core/series.ts';
import { joinBlocks, type RowBlock } from '../../io/rows/row-block.ts';

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
 * Throws `CalibrationError` when too few are left.
 */
export function trainingRows(blocks: readonly RowBlock[], wanted: Wanted): Series {
  const { streamId, channels, exclusions, least, most } = wanted;
  const spared = blocks.map((block) => withoutExcluded(block, channels.length, exclusions));
  const normal = spared.filter(({ timeMs }) => timeMs.length > 0);
  const rows = countOf(normal);
  if (rows < least) {
    throw new CalibrationError(
      `stream '${streamId}' has ${rows} rows to learn from, of ${countOf(blocks)} kept, and needs ${least}: ` +
        'wait, or say normal of the alerts that were none',
    );
  }
  const taken = joinBlocks(thinned(normal, rows, most), channels.length);
  return { id: streamId, channels, ...taken };
}

function withoutExcluded(
  { timeMs, values }: RowBlock,
  width: number,
  exclusions: readonly Exclusion[],
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
function thinned(blocks: readonly RowBlock[], rows: number, most: number): readonly RowBlock[] {
  if (rows <= most) return blocks;
  let owed = (blocks.at(-1)?.timeMs.length ?? 0) / 2;
  const taken = blocks.toReversed().filter(({ timeMs: { length } }) => {
    owed += (length * most) / rows;
    const takes = owed >= length / 2;
    if (takes) owed -= length;
    return takes;
  });
  return taken.toReversed();
}

function countOf(blocks: readonly RowBlock[]): number {
  return blocks.reduce((sum, { timeMs }) => sum + timeMs.length, 0);
}
