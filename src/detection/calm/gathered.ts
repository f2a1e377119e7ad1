/**
 * How a stretch of a lesson differs from the calm rows: its values are higher or lower, vary more or less, repeat or do not
 * repeat, are missing or (only here) present, or rise or fall all the time. An outlier is a single row.
 */
export type Change =
  | 'higher'
  | 'lower'
  | 'restless'
  | 'quieter'
  | 'stuck'
  | 'moving'
  | 'missing'
  | 'read'
  | 'drifting'
  | 'outlier';

export interface Doubt {
  readonly change: Change;
  /** At the start of the lesson, in the middle (or at both ends), at the end, or all the time. */
  readonly when: 'first' | 'once' | 'last' | 'throughout';
  /** Indices of the channels with the change. */
  readonly channels: readonly number[];
  /** First row, and the row after the last. */
  readonly from: number;
  readonly to: number;
}

/** In blocks instead of rows. */
export type BlockDoubt = Doubt;

/** Ends of stretches at most this far apart are the same, blocks. */
const SAME_BLOCKS = 2;

/**
 * Merges doubts of several channels with the same change at the same time. Drops `restless` for a channel whose level
 * changes at the same time, because the transition explains it.
 */
export function gathered(doubts: readonly BlockDoubt[]): readonly BlockDoubt[] {
  const found: BlockDoubt[] = [];
  const changed = doubts.filter(({ change }) => change === 'higher' || change === 'lower');
  for (const doubt of doubts) {
    if (changed.some((other) => explains(other, doubt))) continue;
    const place = found.findIndex((other) => isSame(doubt, other));
    const other = found[place];
    if (other) found[place] = joined(other, doubt);
    else found.push(doubt);
  }
  return found;
}

function explains(level: BlockDoubt, doubt: BlockDoubt): boolean {
  if (doubt.change !== 'restless' || doubt.channels[0] !== level.channels[0]) return false;
  return doubt.from >= level.from - SAME_BLOCKS && doubt.to <= level.to + SAME_BLOCKS;
}

function isSame(a: BlockDoubt, b: BlockDoubt): boolean {
  return (
    a.change === b.change &&
    a.when === b.when &&
    Math.abs(a.from - b.from) <= SAME_BLOCKS &&
    Math.abs(a.to - b.to) <= SAME_BLOCKS
  );
}

function joined(a: BlockDoubt, b: BlockDoubt): BlockDoubt {
  const channels = [...new Set([...a.channels, ...b.channels])];
  return { ...a, channels, from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) };
}
