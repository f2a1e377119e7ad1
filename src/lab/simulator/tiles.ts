// Tiles of a matrix product, in each of the 24 orders of its four loops: which operands a lane can keep, and the cycles that it
// takes for the multiplications of a tile.
//
// Notation   b window, i rows, j columns, k inner; a tile of the left operand is (b, i, k), of the right one (b, k, j), without
//            b where the batch shares it; nz multiplications of which neither factor is 0
import type { Part } from './lowering/graph.ts';
import { macsOfPart } from './lowering/graph.ts';

export const LOOP_ORDERS = permutations('bijk');

export type LaneModel = 'packed' | 'per-output' | 'window-32';
export const LANE_MODELS: readonly LaneModel[] = ['packed', 'per-output', 'window-32'];

/** Positions that a mask of AccelTran's mask.sv covers. */
const WINDOW = 32;
/** Cycles until the adders have the last sum. */
export const DRAIN = 1;

export interface TileSize {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
}

/** A tile of a part: the first element along each loop, and how many there are; fewer at the edges. */
export interface Tile {
  readonly at: readonly [b: number, i: number, j: number, k: number];
  readonly size: readonly [b: number, i: number, j: number, k: number];
  /** Whether the lane has the operand from its last tile. */
  readonly keepsLeft: boolean;
  readonly keepsRight: boolean;
}

/** Calls `visit` for each tile in order; tiles go to the lanes in turn. The tile is borrowed until the next call. */
export function eachTile(
  parts: readonly Part[],
  size: TileSize,
  order: string,
  lanes: number,
  visit: (tile: Tile, part: Part) => void,
): void {
  const kept = new KeptOperands(lanes);
  const loops = [...order].map((loop) => 'bijk'.indexOf(loop));
  const edges = [size.batch, size.rows, size.columns, size.columns];
  for (const part of parts) {
    kept.beginPart();
    const whole = [part.batch, part.rows, part.columns, part.inner];
    const counts = whole.map((length, d) => Math.ceil(length / (edges[d] as number)));
    const place = [0, 0, 0, 0];
    const at: [number, number, number, number] = [0, 0, 0, 0];
    const cells: [number, number, number, number] = [0, 0, 0, 0];
    const tile = { at, size: cells, keepsLeft: false, keepsRight: false };
    do {
      for (let d = 0; d < 4; d += 1) {
        at[d] = (place[d] as number) * (edges[d] as number);
        cells[d] = Math.min(edges[d] as number, (whole[d] as number) - (at[d] as number));
      }
      kept.next(tile, part, place, counts);
      visit(tile, part);
    } while (advance(place, counts, loops));
  }
}

/** What each lane has of the tile before. Parts share no operands. */
class KeptOperands {
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  #lane = 0;
  #part = 0;
  #begin = 0;

  constructor(lanes: number) {
    this.#left = new Int32Array(lanes).fill(-1);
    this.#right = new Int32Array(lanes).fill(-1);
  }

  beginPart(): void {
    this.#begin += this.#part;
    this.#part = 0;
  }

  next(
    tile: { keepsLeft: boolean; keepsRight: boolean },
    { leftShared, rightShared }: Part,
    [b = 0, i = 0, j = 0, k = 0]: readonly number[],
    [, ni = 1, nj = 1, nk = 1]: readonly number[],
  ): void {
    const lane = this.#lane;
    const left = ((leftShared ? 0 : b) * ni + i) * nk + k;
    const right = ((rightShared ? 0 : b) * nk + k) * nj + j;
    tile.keepsLeft = this.#left[lane] === this.#begin + left;
    tile.keepsRight = this.#right[lane] === this.#begin + right;
    this.#left[lane] = this.#begin + left;
    this.#right[lane] = this.#begin + right;
    this.#part = Math.max(this.#part, left + 1, right + 1);
    this.#lane = lane + 1 === this.#left.length ? 0 : lane + 1;
  }
}

/** The innermost loop is the last of the order. False after the last tile. */
function advance(place: number[], counts: readonly number[], loops: readonly number[]): boolean {
  for (let l = 3; l >= 0; l -= 1) {
    const d = loops[l] as number;
    place[d] = (place[d] as number) + 1;
    if ((place[d] as number) < (counts[d] as number)) return true;
    place[d] = 0;
  }
  return false;
}

/** Operands that lanes keep from one tile to the next. */
export function reuseOf(
  parts: readonly Part[],
  tile: TileSize,
  order: string,
  lanes: number,
): number {
  let kept = 0;
  eachTile(parts, tile, order, lanes, ({ keepsLeft, keepsRight }) => {
    kept += Number(keepsLeft) + Number(keepsRight);
  });
  return kept;
}

/**
 * Expected cycles of a lane for `outputs` sums over `inner` products each, of which each is non-zero with the probability
 * `share`, independently of the others; the drain not included.
 * packed: multipliers are shared by all sums. per-output: one sum at a time, as an adder tree works. window-32: 32 positions
 * of the tile at a time, as the masks of the published hardware are cut.
 */
export function expectedCycles(
  model: LaneModel,
  outputs: number,
  inner: number,
  share: number,
  multipliers: number,
): number {
  const all = outputs * inner;
  switch (model) {
    case 'packed':
      return Math.ceil((all * share) / multipliers - ROUNDING);
    case 'per-output':
      return Math.ceil(outputs * expectedPasses(inner, share, multipliers) - ROUNDING);
    case 'window-32': {
      const positions = outputsOfWindow(inner) * inner;
      const whole = Math.floor(all / positions) * expectedPasses(positions, share, multipliers);
      return Math.ceil(whole + expectedPasses(all % positions, share, multipliers) - ROUNDING);
    }
  }
}

/** A window holds whole outputs, as many as fit. */
export function outputsOfWindow(inner: number): number {
  return Math.max(1, Math.floor(WINDOW / inner));
}

/** So that a sum which is whole but for the last digits is not rounded up. */
const ROUNDING = 1e-9;

const passes = new Map<string, number>();

/** The mean of ceil(nz / multipliers), nz binomial. */
function expectedPasses(positions: number, share: number, multipliers: number): number {
  if (share >= 1) return Math.ceil(positions / multipliers);
  const key = `${positions} ${share} ${multipliers}`;
  const known = passes.get(key);
  if (known !== undefined) return known;
  let [chance, mean] = [(1 - share) ** positions, 0];
  for (let nz = 1; nz <= positions && share > 0; nz += 1) {
    chance *= ((positions - nz + 1) / nz) * (share / (1 - share));
    mean += chance * Math.ceil(nz / multipliers);
  }
  passes.set(key, mean);
  return mean;
}

/** Cycles for the counted non-zeros of each window of 32 positions, or of each output; the drain not included. */
export function countedCycles(
  model: LaneModel,
  counts: Readonly<Record<'outputs' | 'windows', ArrayLike<number>>>,
  multipliers: number,
): number {
  const groups = model === 'window-32' ? counts.windows : counts.outputs;
  let cycles = 0;
  let nz = 0;
  for (let g = 0; g < groups.length; g += 1) {
    nz += groups[g] as number;
    cycles += Math.ceil((groups[g] as number) / multipliers);
  }
  return model === 'packed' ? Math.ceil(nz / multipliers) : cycles;
}

/** Multiplications of all tiles if those at the edges were whole. */
export function paddedMacs(parts: readonly Part[], { batch, rows, columns }: TileSize): number {
  const up = (n: number, edge: number): number => Math.ceil(n / edge) * edge;
  return parts.reduce(
    (sum, part) =>
      sum +
      up(part.batch, batch) *
        up(part.rows, rows) *
        up(part.columns, columns) *
        up(part.inner, columns),
    0,
  );
}

/** Share of the products of a part that exist: a convolution reaches over the edges of its window. */
export function presenceOf(part: Part): number {
  return macsOfPart(part) / (part.batch * part.rows * part.columns * part.inner);
}

function permutations(letters: string): readonly string[] {
  if (letters.length <= 1) return [letters];
  return [...letters].flatMap((letter) =>
    permutations(letters.replace(letter, '')).map((rest) => letter + rest),
  );
}
