// Reversible instance normalisation: scales a window by its own level and spread, and scales a forecast back. Kim et al.
// 2022, "Reversible instance normalization for accurate time-series forecasting against distribution shift", without its
// learned scale and shift, which the next layer has. Hot: writes in place.
//
// Notation   x (T, C) row-major, of which the first V rows are visible; level and spread (C,)
import { z } from 'zod';

export const normalisation = z.enum(['none', 'level', 'level-and-spread']);
export type Normalisation = z.infer<typeof normalisation>;

/** Least spread, in spreads of the training data: a smaller one is noise, which the normalisation would amplify. */
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

  /** Normalises all rows of x by the level and spread of the first `visible` rows, and stores both. */
  apply(x: Float32Array, visible: number): void {
    if (this.#kind === 'none') return;
    const width = this.level.length;
    for (let c = 0; c < width; c += 1) this.#measure(x, c, visible);
    for (let i = 0; i < x.length; i += 1) {
      const c = i % width;
      x[i] = ((x[i] as number) - (this.level[c] as number)) / (this.spread[c] as number);
    }
  }

  /** Normalises a further row, (C,), by the stored level and spread. */
  normalise(row: Float32Array, into: Float32Array): void {
    for (let c = 0; c < row.length; c += 1) {
      into[c] = ((row[c] as number) - (this.level[c] as number)) / (this.spread[c] as number);
    }
  }

  /** Scales a value of channel c back. */
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

/**
 * Subtracts each channel's mean over the rows from `values`, (T, C) row-major, and writes it into `levels`, (C,). In
 * place.
 */
export function removeLevel(values: Float32Array, levels: Float32Array): void {
  const width = levels.length;
  const rows = values.length / width;
  // In double precision, and row by row: in the order of the memory.
  const means = new Float64Array(width);
  for (let row = 0; row < values.length; row += width) {
    for (let c = 0; c < width; c += 1)
      means[c] = (means[c] as number) + (values[row + c] as number);
  }
  for (let c = 0; c < width; c += 1) means[c] = (means[c] as number) / rows;
  levels.set(means);
  for (let row = 0; row < values.length; row += width) {
    for (let c = 0; c < width; c += 1)
      values[row + c] = (values[row + c] as number) - (means[c] as number);
  }
}
