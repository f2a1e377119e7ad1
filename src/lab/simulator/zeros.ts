// Which numbers of a network are 0: assumed shares, or the masks of real values, as numbers with 16 bits after the point have
// them.
import type { Storage } from '../../engine/tape/tensor.ts';
import type { LeftOut, Matrix, Part, Role, View } from './lowering/graph.ts';
import type { Tile } from './tiles.ts';
import { outputsOfWindow } from './tiles.ts';

/** Shares of elements that are not 0. */
export interface Shares {
  readonly weight: number;
  readonly activation: number;
  readonly gradient: number;
}

export const NO_ZEROS: Shares = { weight: 1, activation: 1, gradient: 1 };

/** AccelTran's defaults: half of activations and weights are 0, and nine tenths of gradients. */
export const PUBLISHED_ZEROS: Shares = { weight: 0.5, activation: 0.5, gradient: 0.1 };

/** The least number above 0, and the greatest: 4 bits before the point, 16 after it (AccelTran's RTL: IL 4, FL 16). */
const STEP = 2 ** -16;
const MOST = 2 ** 3 - STEP;

/** The nearest number of the format; what is beyond its range becomes its end. */
export function fixedPoint(value: number): number {
  return Math.max(-MOST - STEP, Math.min(MOST, Math.round(value / STEP) * STEP));
}

export class Zeros {
  readonly expected: Shares;
  readonly #values: ReadonlyMap<Storage, ArrayLike<number>>;
  readonly #arePlaced: boolean;
  readonly #masks = new Map<Storage, Map<string, Known>>();

  /**
   * `values` of tensors, as many as are known; the others, and all gradients, have `expected` shares. `arePlaced`: whether it
   * counts where the zeros are; otherwise only how many, as if each element were 0 by chance.
   */
  constructor(
    expected: Shares,
    values: ReadonlyMap<Storage, ArrayLike<number>> = new Map(),
    { arePlaced = true } = {},
  ) {
    this.expected = expected;
    this.#values = values;
    this.#arePlaced = arePlaced;
  }

  /** Share of a matrix that is not 0. */
  shareOf({ role, storage }: Pick<Matrix, 'role' | 'storage'>): number {
    return (storage && this.#known(storage)?.share) ?? this.expected[role];
  }

  /** Of an operand of a part, without what a threshold leaves out of it. */
  shareOfView(role: Role, view: View | undefined): number {
    return (view && this.#known(view.storage, view.leftOut)?.share) ?? this.expected[role];
  }

  /** Counts of non-zero products tile by tile; undefined where the masks of either operand are not known. */
  counterFor({ left, right }: Part): TileCounter | undefined {
    if (!(this.#arePlaced && left && right)) return undefined;
    const [rows, columns] = [
      this.#known(left.storage, left.leftOut),
      this.#known(right.storage, right.leftOut),
    ];
    if (!(rows && columns)) return undefined;
    return new TileCounter({ mask: rows.mask, view: left }, { mask: columns.mask, view: right });
  }

  /** A threshold without values says nothing: what it leaves out is not known. */
  #known(storage: Storage, leftOut?: LeftOut): Known | undefined {
    const values = this.#values.get(storage);
    if (!values) return undefined;
    const known = this.#masks.get(storage) ?? new Map<string, Known>();
    this.#masks.set(storage, known);
    const key = leftOut ? JSON.stringify(leftOut) : '';
    const found = known.get(key) ?? knownOf(maskOf(values, leftOut));
    known.set(key, found);
    return found;
  }
}

/** Which elements are not 0, and how many of all. */
interface Known {
  readonly mask: Uint8Array;
  readonly share: number;
}

function knownOf(mask: Uint8Array): Known {
  return { mask, share: mask.reduce((sum, bit) => sum + bit, 0) / mask.length };
}

function maskOf(values: ArrayLike<number>, leftOut: LeftOut | undefined): Uint8Array {
  const mask = Uint8Array.from(values, (value) => Number(fixedPoint(value) !== 0));
  if (!leftOut || leftOut.threshold < 0) return mask;
  const { form, threshold, rows, width } = leftOut;
  const isKept = (at: number): boolean => !(Math.abs(values[at] as number) <= threshold);
  for (let at = 0; at < mask.length; at += 1) {
    const column = Math.floor(at / (rows * width)) * rows * width + (at % width);
    const others = form === 'elements' ? [at] : rowsFrom(column, rows, width);
    if (!others.some(isKept)) mask[at] = 0;
  }
  return mask;
}

function rowsFrom(column: number, rows: number, width: number): readonly number[] {
  return Array.from({ length: rows }, (_, row) => column + row * width);
}

interface Masked {
  readonly mask: Uint8Array;
  readonly view: View;
}

/** What a sparsity unit keeps: o = a AND w, for each output of a tile. */
export class TileCounter {
  /** Non-zero products of each output of the last tile, and of each window of outputs. */
  readonly outputs: number[] = [];
  readonly windows: number[] = [];
  readonly #left: Masked;
  readonly #right: Masked;
  #rights: number[] = [];

  constructor(left: Masked, right: Masked) {
    this.#left = left;
    this.#right = right;
  }

  /** The number of non-zero products of the tile. At most 32 elements along the inner loop. */
  count({ at: [b, i, j, k], size: [nb, ni, nj, nk] }: Tile): number {
    this.outputs.length = 0;
    this.windows.length = 0;
    const together = outputsOfWindow(nk);
    let nz = 0;
    for (let db = 0; db < nb; db += 1) {
      this.#rights = Array.from({ length: nj }, (_, dj) =>
        wordOf(this.#right, b + db, j + dj, k, nk),
      );
      for (let di = 0; di < ni; di += 1) {
        const left = wordOf(this.#left, b + db, i + di, k, nk);
        for (const right of this.#rights) {
          const kept = bitsOf(left & right);
          if (this.outputs.length % together === 0) this.windows.push(0);
          this.windows[this.windows.length - 1] = (this.windows.at(-1) ?? 0) + kept;
          this.outputs.push(kept);
          nz += kept;
        }
      }
    }
    return nz;
  }
}

/** Bits of `count` elements along the inner loop. */
function wordOf(
  { mask, view }: Masked,
  batch: number,
  outer: number,
  inner: number,
  count: number,
): number {
  const { offset, batchDown, outerDown, innerDown } = view;
  let at = offset + batch * batchDown + outer * outerDown + inner * innerDown;
  let word = 0;
  for (let bit = 0; bit < count; bit += 1) {
    word |= (mask[at] as number) << bit;
    at += innerDown;
  }
  return word;
}

function bitsOf(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
