// Which rows of a lesson are of kinds that come back, and may be learnt as normal.
//
// Notation   N rows, C channels, M blocks of B rows.
import { rankCorrelation } from '../../engine/rank-correlation.ts';
import { blockFigures, type Figure, type ScaledRows } from './block-figures.ts';
import { excursion } from './excursion.ts';
import { type BlockDoubt, type Doubt, gathered } from './gathered.ts';
import { outliersOf } from './outliers.ts';

export interface LessonVerdict {
  /** (N,) 1 = may be learnt. */
  readonly calm: Uint8Array;
  readonly calmRows: number;
  /** Longest first; none = the lesson was calm. */
  readonly doubts: readonly Doubt[];
}

/** Blocks that a lesson is cut into ... */
const BLOCKS = 64;
/** ... of so many rows at least. */
const LEAST_BLOCK_ROWS = 6;
/** Rank correlation with time from which a channel does nothing but rise, or fall. */
const DRIFTING = 0.9;
/** Fewer blocks rise or fall by chance. */
const LEAST_DRIFT_BLOCKS = 30;

/**
 * What was there once is doubtful; what comes back several times is normal, however odd: daily cycles, periodic work,
 * regular bursts. Where two kinds of rows were there once each, the one with more rows is kept, of equals the newer. A
 * channel that drifts all the time is a doubt of its own and costs no rows. Fewer than 180 rows say nothing: all are calm.
 * Pure. O(N C log N).
 */
export function judgeLesson(rows: ScaledRows): LessonVerdict {
  const count = rows.values.length / rows.width;
  const blockRows = Math.max(LEAST_BLOCK_ROWS, Math.floor(count / BLOCKS));
  const figures = blockFigures(rows, blockRows);
  const blocks = figures[0]?.values.length ?? 0;
  const drifting = figures.filter(drifts);
  const splits = figures.filter((figure) => !drifting.includes(figure)).flatMap(splitsOf);
  const home = homeOf(splits, blocks);
  const calm = calmRows(splits, { home, blocks, blockRows, count });
  const rowOf = (block: number): number => (block === blocks ? count : block * blockRows);
  const doubts = gathered([
    ...drifting.map(({ channel }) => driftOf(channel, blocks)),
    ...splits.flatMap((split) => doubtOf(split, { home, blocks }) ?? []),
  ]).map((doubt) => ({ ...doubt, from: rowOf(doubt.from), to: rowOf(doubt.to) }));
  const outliers = outlyingRows(rows, { calm, blockRows });
  for (const { from, to } of outliers) calm.fill(0, from, to);
  return {
    calm,
    calmRows: calm.reduce((sum, flag) => sum + flag, 0),
    doubts: [...doubts, ...outliers].sort((a, b) => b.to - b.from - (a.to - a.from)),
  };
}

/** Of one figure: which blocks (M,) are in its excursion; 2 = no figure, which is like either. */
interface Split {
  readonly figure: Figure;
  readonly sides: Uint8Array;
  /** The excursion lies above the other blocks. */
  readonly above: boolean;
}

const NO_FIGURE = 2;

function splitsOf(figure: Figure): readonly Split[] {
  const { values, floor, twoSided } = figure;
  return (twoSided ? [true, false] : [true]).flatMap((above) => {
    const inside = excursion(above ? values : values.map((value) => -value), floor);
    if (!inside) return [];
    const sides = inside.map((flag, block) => (Number.isNaN(values[block]) ? NO_FIGURE : flag));
    return [{ figure, sides, above }];
  });
}

/** Whether a block is of the same kind as the block `home`. */
function alike({ sides }: Split, block: number, home: number): boolean {
  const [side, own] = [sides[block], sides[home]];
  return side === own || side === NO_FIGURE || own === NO_FIGURE;
}

/** The block like which most others are; of equals the newest. */
function homeOf(splits: readonly Split[], blocks: number): number {
  let best = 0;
  let most = 0;
  for (let home = 0; home < blocks; home++) {
    let like = 0;
    for (let block = 0; block < blocks; block++) {
      if (splits.every((split) => alike(split, block, home))) like += 1;
    }
    if (like >= most) [best, most] = [home, like];
  }
  return best;
}

interface Cut {
  readonly home: number;
  readonly blocks: number;
  readonly blockRows: number;
  readonly count: number;
}

/** Next to a doubtful block a level may be half on its way: those blocks are left out, too. */
function calmRows(splits: readonly Split[], { home, blocks, blockRows, count }: Cut): Uint8Array {
  const calm = new Uint8Array(count).fill(1);
  for (const split of splits) {
    const margin = split.figure.kind === 'level' ? 1 : 0;
    for (let block = 0; block < blocks; block++) {
      if (alike(split, block, home)) continue;
      const from = Math.max(0, block - margin);
      const to = block + margin + 1;
      calm.fill(0, from * blockRows, to >= blocks ? count : to * blockRows);
    }
  }
  return calm;
}

/** What blocks are that lie above the others, and what those are that lie below. */
const CHANGES = {
  level: ['higher', 'lower'],
  spread: ['restless', 'quieter'],
  missing: ['missing', 'read'],
  still: ['stuck', 'moving'],
} as const;

/** What speaks against the blocks that are not like `home`. */
function doubtOf(
  split: Split,
  { home, blocks }: Pick<Cut, 'home' | 'blocks'>,
): BlockDoubt | undefined {
  const out = [...Array(blocks).keys()].filter((block) => !alike(split, block, home));
  const [from, last] = [out[0], out.at(-1)];
  if (from === undefined || last === undefined) return undefined;
  const { kind, channel } = split.figure;
  const isAbove = split.sides[home] === 0 ? split.above : !split.above;
  return {
    change: CHANGES[kind][isAbove ? 0 : 1],
    when: whenOf(from === 0, last === blocks - 1),
    channels: [channel],
    from,
    to: last + 1,
  };
}

function whenOf(atStart: boolean, atEnd: boolean): Doubt['when'] {
  if (atStart === atEnd) return 'once';
  return atStart ? 'first' : 'last';
}

function driftOf(channel: number, blocks: number): BlockDoubt {
  return { change: 'drifting', when: 'throughout', channels: [channel], from: 0, to: blocks };
}

function drifts({ kind, values, floor }: Figure): boolean {
  if (kind !== 'level') return false;
  const there = values.filter(Number.isFinite);
  if (there.length < LEAST_DRIFT_BLOCKS) return false;
  const times = [...there.keys()];
  if (Math.abs(rankCorrelation(times, [...there])) < DRIFTING) return false;
  return Math.abs((there.at(-1) as number) - (there[0] as number)) >= floor;
}

function outlyingRows(
  rows: ScaledRows,
  among: { readonly calm: Uint8Array; readonly blockRows: number },
): readonly Doubt[] {
  return [...Array(rows.width).keys()].flatMap((channel) =>
    outliersOf(rows, channel, among).map(([from, to]) => ({
      ...({ change: 'outlier', when: 'once', channels: [channel] } as const),
      ...{ from, to },
    })),
  );
}
