/**
 * What a stretch of a lesson was like, against the rows that may be learnt: its values lay higher or lower, moved more or
 * less, repeated themselves or did not, were not read or (alone) were, or rise or fall all the time; an outlier is a
 * single row.
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
  /** At the beginning of the lesson, in its middle (or on both ends), at its end, or all the time. */
  readonly when: 'first' | 'once' | 'last' | 'throughout';
  /** Places of the channels that show it. */
  readonly channels: readonly number[];
  /** First row, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** In blocks instead of rows. */
export type BlockDoubt = Doubt;

/** Ends of stretches that are no farther apart are the same, blocks. */
const SAME_BLOCKS = 2;

/**
 * One doubt for all channels that show the same at the same time; of a channel whose level has changed it says nothing
 * that the way there explains.
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
