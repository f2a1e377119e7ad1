// Which measurements other work on the machine has spoilt.
import type { Measurement } from './profile.ts';
import { isDisturbed, isSlowed } from './timing.ts';

/** Those that were slowed for some of their runs, or for all of them beside the others. */
export function disturbedOf(measurements: readonly Measurement[]): readonly Measurement[] {
  const looks = measurements.flatMap(({ yardstickS }) => yardstickS ?? []);
  const leastS = Math.min(...looks);
  return measurements.filter((one) => isDisturbed(one) || isSlowed(one.yardstickS ?? 0, leastS));
}
