// Readings of a counter of energy and what they come to.
import type { PowerTrace } from './meter.ts';

export interface EnergyReading {
  readonly timeMs: number;
  /** Since some moment. */
  readonly energyJ: number;
}

/**
 * From the first reading to the last. The peak is the greatest mean power from one reading to another that is `leastMs`
 * later or more: over shorter times the steps of the counter would be seen, not the power. undefined where they lie
 * closer together than that.
 */
export function energyTrace(
  readings: readonly EnergyReading[],
  leastMs: number,
): PowerTrace | undefined {
  const [first, last] = [readings[0], readings.at(-1)];
  if (!first || !last || last.timeMs - first.timeMs < leastMs) return undefined;
  let peakPowerW = 0;
  let from = first;
  for (const reading of readings) {
    if (reading.timeMs - from.timeMs < leastMs) continue;
    peakPowerW = Math.max(peakPowerW, meanPowerW(from, reading));
    from = reading;
  }
  return {
    energyJ: last.energyJ - first.energyJ,
    peakPowerW,
    seconds: (last.timeMs - first.timeMs) / 1000,
    samples: readings.length,
  };
}

function meanPowerW(from: EnergyReading, to: EnergyReading): number {
  return (to.energyJ - from.energyJ) / ((to.timeMs - from.timeMs) / 1000);
}
