import type { Random } from '../../../../engine/random.ts';

/**
 * Points that fill the unit cube evenly, each coordinate in [0, 1). Returns what draws the next so many of them, each
 * (dimensions,).
 */
export type Sampler = (
  dimensions: number,
  random: Random,
) => (count: number) => readonly Float64Array[];
