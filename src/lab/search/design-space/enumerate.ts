import { ConfigError } from '../../../core/errors.ts';
import type { DesignPoint } from '../../../models/design-point.ts';
import { layerOptions, layersOf } from './layer-options.ts';
import { tuples } from './multisets.ts';
import { sizeOf } from './size.ts';
import type { DesignSpace } from './space.ts';

/** Designs that are made at once; some 100 MB. */
const ENUMERATION_LIMIT = 100_000;

/** Whether all designs can be listed. */
export function enumerable(space: DesignSpace): boolean {
  return sizeOf(space) <= BigInt(ENUMERATION_LIMIT);
}

/**
 * All designs, those of few layers first, then the last layer running fastest. Throws `ConfigError` for an empty space and
 * for one that is not `enumerable`, of which designs are to be sampled.
 */
export function enumerate(space: DesignSpace): readonly DesignPoint[] {
  if (!enumerable(space)) {
    throw new ConfigError(
      `the design space holds ${sizeOf(space)} designs, at most ${ENUMERATION_LIMIT} are listed: take a smaller space, or sample less than half of this one`,
    );
  }
  const layers = layersOf(layerOptions(space));
  return space.layers.flatMap((count) =>
    tuples(layers, count).map((chosen) => ({ layers: [...chosen] })),
  );
}
