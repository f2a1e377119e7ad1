// Crossover and mutation of places in the unit cube, as NSGA-II has them: Deb and Agrawal 1995, Deb 2001.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import type { Variable } from './contract.ts';

export const variationOptions = {
  crossoverIndex: z
    .number()
    .min(0)
    .default(15)
    .describe('Distribution index of the crossover; higher = children nearer to a parent')
    .meta({ unit: 'index' }),
  mutationIndex: z
    .number()
    .min(0)
    .default(20)
    .describe('Distribution index of the mutation; higher = smaller steps')
    .meta({ unit: 'index' }),
};

interface VariationOptions {
  readonly crossoverIndex: number;
  readonly mutationIndex: number;
}

/** Share of the variables that a crossover changes, as published. */
const CROSSED = 0.5;

/** Simulated binary crossover within [0, 1]: one of the two children. */
export function cross(
  a: Float64Array,
  b: Float64Array,
  variables: readonly Variable[],
  { crossoverIndex: index }: VariationOptions,
  random: Random,
): Float64Array {
  const other = random.uniform() < 0.5;
  return a.map((x, i) => {
    const y = b[i] as number;
    const [own, strange] = other ? [y, x] : [x, y];
    if (random.uniform() >= CROSSED) return own;
    if (variables[i]?.kind === 'choice') return strange;
    const u = random.uniform();
    const beta = u <= 0.5 ? (2 * u) ** (1 / (index + 1)) : (1 / (2 * (1 - u))) ** (1 / (index + 1));
    return clipped(0.5 * ((1 + beta) * own + (1 - beta) * strange));
  });
}

/** Polynomial mutation of one variable in d; a choice is drawn anew. */
export function mutated(
  unit: Float64Array,
  variables: readonly Variable[],
  { mutationIndex: index }: VariationOptions,
  random: Random,
): Float64Array {
  return unit.map((x, i) => {
    if (random.uniform() >= 1 / unit.length) return x;
    if (variables[i]?.kind === 'choice') return random.uniform();
    const u = random.uniform();
    const power = 1 / (index + 1);
    const step =
      u < 0.5
        ? (2 * u + (1 - 2 * u) * (1 - x) ** (index + 1)) ** power - 1
        : 1 - (2 * (1 - u) + 2 * (u - 0.5) * x ** (index + 1)) ** power;
    return clipped(x + step);
  });
}

function clipped(unit: number): number {
  return Math.min(Math.max(unit, 0), 1);
}

/** A place of the unit cube beside another: a random share of the coordinates takes a normal step. */
export function besideUnit(unit: Float64Array, step: number, random: Random): Float64Array {
  const share = random.uniform();
  return unit.map((one) => {
    if (random.uniform() > share) return one;
    return clipped(one + step * random.normal());
  });
}
