// Memory layout of a program: the weights in one block, their gradients in the next, then all other arrays.
import { aligned, type Lifetime, planMemory } from './memory-plan.ts';
import type { Schedule } from './schedule.ts';
import type { Storage, Tensor } from './tensor.ts';

/** Offsets from 0, in elements. */
export interface Layout {
  readonly elements: number;
  /** Offsets of the weights, in the order of their creation, each on its own cache line. */
  readonly weights: number;
  readonly values: ReadonlyMap<Storage, number>;
  readonly gradients: ReadonlyMap<Storage, number>;
}

export function layOut(parameters: readonly Tensor[], schedule: Schedule): Layout {
  const weights = parameters.reduce((sum, { size }) => sum + aligned(size), 0);
  const goesBack = schedule.wanted.size > 0;
  const base = goesBack ? 2 * weights : weights;
  const values = [...schedule.values].filter(isOutsideBlocks);
  const gradients = [...schedule.gradients].filter(isOutsideBlocks);
  const plan = planMemory([...values, ...gradients].map(lasting));
  const placesFrom = (first: number) => (entry: readonly [Storage, Lifetime], i: number) =>
    [entry[0], base + (plan.places[first + i] as number)] as const;
  return {
    elements: base + plan.size,
    weights,
    values: new Map([...inBlock(parameters, 0), ...values.map(placesFrom(0))]),
    gradients: new Map([
      ...(goesBack ? inBlock(parameters, weights) : []),
      ...gradients.map(placesFrom(values.length)),
    ]),
  };
}

function isOutsideBlocks([{ kind }]: readonly [Storage, Lifetime]): boolean {
  return kind !== 'parameter';
}

/** Inputs, outputs and constants keep their memory for the whole run. */
function lasting([{ kind }, lifetime]: readonly [Storage, Lifetime]): Lifetime {
  if (kind === 'value') return lifetime;
  return { size: lifetime.size, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
}

function inBlock(
  parameters: readonly Tensor[],
  begin: number,
): readonly (readonly [Storage, number])[] {
  let next = begin;
  return parameters.map(({ storage, size }) => {
    const place = next;
    next += aligned(size);
    return [storage, place] as const;
  });
}
