import type { Random } from '../../../engine/random.ts';
import type { DesignPoint, EncoderLayer } from '../../../models/design-point.ts';

/**
 * A child of two designs of a space, and of the space itself: as many layers as one of them, each with the feed-forward
 * stack of either parent's layer in that place, and the width and heads of either, together where they do not fit else.
 */
export function crossover(a: DesignPoint, b: DesignPoint, random: Random): DesignPoint {
  const either = <T>(one: T, other: T): T => (random.uniform() < 0.5 ? one : other);
  const count = either(a.layers.length, b.layers.length);
  return {
    layers: Array.from({ length: count }, (_, i) => {
      const one = (a.layers[i] ?? b.layers[i]) as EncoderLayer;
      const other = b.layers[i] ?? one;
      const { hidden } = either(one, other);
      const { heads } = either(one, other);
      const { feedForward } = either(one, other);
      if (hidden % heads.length === 0) return { hidden, heads, feedForward };
      return { ...either(one, other), feedForward };
    }),
  };
}
