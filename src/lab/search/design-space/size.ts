// How many designs a space holds, by counting, not by making them.
import { countMultisets } from './multisets.ts';
import { type DesignSpace, legalCounts, legalHeads, requireDesigns } from './space.ts';

/** Exact. Throws `ConfigError` for an empty space. */
export function sizeOf(space: DesignSpace): bigint {
  const options = layerCount(space);
  return sum(space.layers.map((layers) => options ** BigInt(layers)));
}

/** Layers that a design may be made of. */
export function layerCount(space: DesignSpace): bigint {
  requireDesigns(space);
  const { hidden } = space;
  const heads = sum(
    hidden.flatMap((width) => legalCounts(space, width).map((count) => headSets(space, count))),
  );
  return heads * stackCount(space);
}

function headSets(space: DesignSpace, count: number): bigint {
  const ops = legalHeads(space).length;
  return space.mixedHeads ? countMultisets(ops, count) : BigInt(ops);
}

function stackCount({ feedForward, stacks, mixedStacks }: DesignSpace): bigint {
  const widths = BigInt(feedForward.length);
  return sum(stacks.map((count) => (mixedStacks ? widths ** BigInt(count) : widths)));
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
