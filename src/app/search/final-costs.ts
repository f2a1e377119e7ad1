// Measures the chosen network on a machine that others may use at the same time: in separate rounds, of
// which the least disturbed counts, beside a network of the profile, which shows how fast the machine is now.
import type { ProfiledNetwork } from '../../lab/profiler/network.ts';
import type { Measurement } from '../../lab/profiler/profile.ts';
import { THOROUGH, type TimingOptions } from '../../lab/profiler/timing.ts';
import { type Costs, costsMeasured } from './costs.ts';

export interface FinalCosts {
  readonly costs: Costs;
  /** Processes that waited for a processor meanwhile; absent if unknown. */
  readonly load?: number | undefined;
  /** What a network of the profile takes now, over what it took when it was profiled; absent without a profile. */
  readonly slowdown?: number;
}

const ROUNDS = 5;

/** Of one of the rounds, which together last as long as the measurement of a profile or a little longer. */
export const ROUND: TimingOptions = { ...THOROUGH, leastS: 0.5 };

/** `profiled` are the measurements of a profile of this machine, none where there is none; `measure` measures here and now. */
export async function finalCosts(
  network: ProfiledNetwork,
  profiled: readonly Measurement[],
  expectedS: number,
  measure: (network: ProfiledNetwork) => Promise<Measurement>,
): Promise<FinalCosts> {
  const like = nearestTo(expectedS, profiled);
  const rounds: Measurement[] = [];
  const others: Measurement[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push(await measure(network));
    if (like) others.push(await measure(like.network));
  }
  const found = leastDisturbed(rounds);
  return {
    costs: costsMeasured(found),
    load: found.conditions.load,
    ...(like && { slowdown: leastDisturbed(others).p50S / like.p50S }),
  };
}

/** The median of what took least: others can only make it take longer. */
function leastDisturbed(rounds: readonly Measurement[]): Measurement {
  return rounds.reduce((least, one) => (one.p50S < least.p50S ? one : least));
}

function nearestTo(seconds: number, profiled: readonly Measurement[]): Measurement | undefined {
  const away = ({ p50S }: Measurement) => Math.abs(Math.log(p50S / seconds));
  return [...profiled].sort((a, b) => away(a) - away(b))[0];
}
