// Reversible instance normalisation: a window is seen relative to its own level and spread, and what is said of it is
// carried back. Kim et al. 2022, "Reversible instance normalization for accurate time-series forecasting against
// distribution shift", without its learned scale and shift: the layer behind it has them. Hot: writes in place.
//
// Notation   x (T, C) row-major, of which the first V rows are visible; level and spread (C,)

export type Normalisation = 'none' | 'level' | 'level-and-spread';

/** Below this, in spreads of the training data, a window's own spread is noise and would be blown up. */
const LEAST_SPREAD = 0.1;

export class InstanceNorm {
  readonly level: Float32Array;
  readonly spread: Float32Array;
  readonly #kind: Normalisation;

  constructor(kind: Normalisation, width: number) {
    this.#kind = kind;
    this.level = new Float32Array(width);
    this.spread = new Float32Array(width).fill(1);
  }

  /** Normalises all rows of x by the level and spread of the first `visible`, and remembers these. */
  apply(x: Float32Array, visible: number): void {
    if (this.#kind === 'none') return;
    const width = this.level.length;
    for (let c = 0; c < width; c += 1) this.#measure(x, c, visible);
    for (let i = 0; i < x.length; i += 1) {
      const c = i % width;
      x[i] = ((x[i] as number) - (this.level[c] as number)) / (this.spread[c] as number);
    }
  }

  /** Sees another row, (C,), by the level and spread that were measured last. */
  normalise(row: Float32Array, into: Float32Array): void {
    for (let c = 0; c < row.length; c += 1) {
      into[c] = ((row[c] as number) - (this.level[c] as number)) / (this.spread[c] as number);
    }
  }

  /** Carries a value of channel c back. */
  restore(value: number, c: number): number {
    return value * (this.spread[c] as number) + (this.level[c] as number);
  }

  #measure(x: Float32Array, c: number, visible: number): void {
    const width = this.level.length;
    const end = visible * width;
    let sum = 0;
    for (let i = c; i < end; i += width) sum += x[i] as number;
    const level = sum / visible;
    this.level[c] = level;
    if (this.#kind === 'level') return;
    let squares = 0;
    for (let i = c; i < end; i += width) squares += ((x[i] as number) - level) ** 2;
    this.spread[c] = Math.max(Math.sqrt(squares / visible), LEAST_SPREAD);
  }
}
