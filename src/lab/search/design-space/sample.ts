// Samples designs evenly from a space of any size.
import { createRandom, type Random } from '../../../engine/random.ts';
import type { DesignPoint } from '../../../models/design-point.ts';
import { designKey } from './design-key.ts';
import { enumerate, type LayerOptions, layerOptions, sizeOf } from './enumerate.ts';
import type { Sampler } from './samplers.ts';
import { latinHypercube, sobol } from './samplers.ts';
import type { DesignSpace } from './space.ts';

export const samplers = { 'latin-hypercube': latinHypercube, sobol } satisfies Record<
  string,
  Sampler
>;

export type Sampling = keyof typeof samplers;

/** Width, heads and feed-forward stack. */
const CHOICES_OF_A_LAYER = 3;

/**
 * `count` different designs, or all if there are fewer. One coordinate chooses the number of layers; three more for each layer
 * choose its width, the heads among those that fit, and the stack. So each number of layers is equally frequent. Throws
 * `ConfigError` for an empty space, and for half or more of a space that is too large to list.
 */
export function sample(
  space: DesignSpace,
  count: number,
  seed: number,
  sampling: Sampling = 'latin-hypercube',
): readonly DesignPoint[] {
  const random = createRandom(seed);
  // If a large part of the space is wanted, draws would rarely hit the remaining designs.
  if (sizeOf(space) <= 2n * BigInt(count)) return some(space, count, random);
  const options = layerOptions(space);
  const dimensions = 1 + CHOICES_OF_A_LAYER * (space.layers.at(-1) as number);
  const draw = samplers[sampling](dimensions, random);
  const found = new Map<string, DesignPoint>();
  while (found.size < count) {
    for (const cell of draw(count - found.size)) {
      const point = pointAt(cell, space, options);
      found.set(designKey(point), point);
    }
  }
  return [...found.values()];
}

function some(space: DesignSpace, count: number, random: Random): readonly DesignPoint[] {
  const points = [...enumerate(space)];
  random.shuffle(points);
  return points.slice(0, count);
}

function pointAt(cell: Float64Array, space: DesignSpace, options: LayerOptions): DesignPoint {
  const count = at(space.layers, cell[0]);
  return {
    layers: Array.from({ length: count }, (_, i) => {
      const place = 1 + CHOICES_OF_A_LAYER * i;
      const { hidden, heads } = at(options.widths, cell[place]);
      return {
        hidden,
        heads: [...at(heads, cell[place + 1])],
        feedForward: [...at(options.stacks, cell[place + 2])],
      };
    }),
  };
}

function at<T>(items: readonly T[], fraction: number | undefined): T {
  return items[Math.floor((fraction as number) * items.length)] as T;
}
