// Which networks a profile may measure: evenly of a space, for series of several widths.
import type { Design } from '../../lab/profiler/designs.ts';
import { sample } from '../../lab/search/design-space/sample.ts';
import type { DesignSpace } from '../../lab/search/design-space/space.ts';

/** Of which those that tell most are measured. */
const MOST_DESIGNS = 1000;

/** `widths` are numbers of channels; each design has one of them, in turn. */
export function designsToProfile(
  space: DesignSpace,
  widths: readonly number[],
  seed: number,
): readonly Design[] {
  const { rows, patch } = space;
  return sample(space, MOST_DESIGNS, seed).map((point, i) => ({
    network: { point, rows, patch, width: widths[i % widths.length] as number, horizon: 1 },
  }));
}
