// Which numbers of a network are 0: assumed shares, or the masks of real values, as numbers with 16 bits after the point have
// them.
import type { Storage } from '../../engine/tape/tensor.ts';
import type { Matrix, Part, Role, View } from './lowering/graph.ts';
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
  readonly #masks: ReadonlyMap<Storage, Uint8Array>;
  readonly #shares = new Map<Storage, number>();

  /** `values` of tensors, as many as are known; the others, and all gradients, have `expected` shares. */
  constructor(expected: Shares, values: ReadonlyMap<Storage, ArrayLike<number>> = new Map()) {
    this.expected = expected;
    this.#masks = new Map([...values].map(([storage, of]) => [storage, maskOf(of)]));
    for (const [storage, mask] of this.#masks) {
      const kept = mask.reduce((sum, bit) => sum + bit, 0);
      this.#shares.set(storage, kept / mask.length);
    }
  }

  /** Share of a matrix that is not 0. */
  shareOf({ role, storage }: Pick<Matrix, 'role' | 'storage'>): number {
    return (storage && this.#shares.get(storage)) ?? this.expected[role];
  }

  /** Of an operand of a part. */
  shareOfView(role: Role, view: View | undefined): number {
    return (view && this.#shares.get(view.storage)) ?? this.expected[role];
  }

  /** Counts of non-zero products tile by tile; undefined where the masks of either operand are not known. */
  counterFor(part: Part): TileCounter | undefined {
    const left = part.left && this.#masks.get(part.left.storage);
    const right = part.right && this.#masks.get(part.right.storage);
    if (!(part.left && part.right && left && right)) return undefined;
    return new TileCounter({ mask: left, view: part.left }, { mask: right, view: part.right });
  }
}

function maskOf(values: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(values, (value) => Number(fixedPoint(value) !== 0));
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
