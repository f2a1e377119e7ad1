// Finds the rows of a lesson that are suitable for training: those of kinds that recur.
//
// Notation   N rows, C channels, M blocks of B rows.
import { rankCorrelation } from '../../engine/statistics.ts';
import { blockFigures, type Figure, type ScaledRows } from './block-figures.ts';
import { excursion } from './excursion.ts';
import { type BlockDoubt, type Doubt, gathered } from './gathered.ts';
import { outliersOf } from './outliers.ts';

export interface LessonVerdict {
  /** (N,) 1 = suitable for training. */
  readonly calm: Uint8Array;
  readonly calmRows: number;
  /** Longest first; empty = the lesson is calm. */
  readonly doubts: readonly Doubt[];
}

/** Blocks of a lesson ... */
const BLOCKS = 64;
/** ... with at least this many rows each. */
const LEAST_BLOCK_ROWS = 6;
/** Least rank correlation with time of a channel that drifts. */
const DRIFTING = 0.9;
/** Least number of blocks for a drift; fewer may rise or fall by chance. */
const LEAST_DRIFT_BLOCKS = 30;

/**
 * A kind of rows that occurs once is doubtful; a kind that recurs is normal: daily cycles, periodic work, regular bursts. If
 * two kinds occur once each, the kind with more rows is kept, and of equal ones the newer. A channel that drifts all the
 * time is reported, but its rows stay calm. With fewer than 180 rows all are calm. Pure. O(N C log N).
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

/** The blocks of one figure, (M,): 1 = in its excursion, 0 = outside, 2 = no figure, which matches either side. */
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

/** Whether a block is on the same side as the block `home`. */
function alike({ sides }: Split, block: number, home: number): boolean {
  const [side, own] = [sides[block], sides[home]];
  return side === own || side === NO_FIGURE || own === NO_FIGURE;
}

/** The block that most others match; of equal ones the newest. */
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

/** Also leaves out the blocks next to a doubtful level, where the level may be in transition. */
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

/** Change of blocks above the others, and of blocks below them. */
const CHANGES = {
  level: ['higher', 'lower'],
  spread: ['restless', 'quieter'],
  missing: ['missing', 'read'],
  still: ['stuck', 'moving'],
} as const;

/** The doubt about the blocks that do not match `home`. */
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
