// Readings of power and what they come to.
import type { PowerTrace } from './meter.ts';

export interface PowerSample {
  readonly timeMs: number;
  readonly powerW: number;
}

/**
 * From one moment to another by the trapezoid rule, as ProTran does; at either end the power is that on the line between
 * the samples around it, or that of the nearest. undefined with fewer than two samples between the moments.
 */
export function traceOf(
  samples: readonly PowerSample[],
  fromMs: number,
  toMs: number,
): PowerTrace | undefined {
  const inside = samples.filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs);
  if (inside.length < 2 || toMs <= fromMs) return undefined;
  const line = [
    { timeMs: fromMs, powerW: powerAt(samples, fromMs) },
    ...inside,
    { timeMs: toMs, powerW: powerAt(samples, toMs) },
  ];
  let energyJ = 0;
  for (const [i, { timeMs, powerW }] of line.slice(1).entries()) {
    const before = line[i] as PowerSample;
    energyJ += ((timeMs - before.timeMs) / 1000) * ((powerW + before.powerW) / 2);
  }
  return {
    energyJ,
    peakPowerW: inside.reduce((most, { powerW }) => Math.max(most, powerW), 0),
    seconds: (toMs - fromMs) / 1000,
    samples: inside.length,
  };
}

function powerAt(samples: readonly PowerSample[], timeMs: number): number {
  const before = samples.findLast((sample) => sample.timeMs <= timeMs);
  const after = samples.find((sample) => sample.timeMs >= timeMs);
  if (!before || !after) return (before ?? after)?.powerW ?? 0;
  const apart = after.timeMs - before.timeMs;
  if (apart === 0) return before.powerW;
  const share = (timeMs - before.timeMs) / apart;
  return before.powerW + share * (after.powerW - before.powerW);
}
