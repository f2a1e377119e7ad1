// Values as tokens: bins of equal width between two quantiles of what training saw, and one more on either side.
//
// Notation   V bins, K = V + 2 tokens: 0 is below the bins, V + 1 above them
import { type Numbers, quantileOfSorted, sorted } from '../../engine/statistics.ts';

/** The bins of one channel. */
export interface Bins {
  readonly low: number;
  readonly high: number;
  /** V. */
  readonly count: number;
}

/** What lies outside is told by direction only. */
const OUTSIDE = 0.005;
/** Bins together are at least this wide, in spreads of the training data: a channel that never moved has some too. */
const LEAST_WIDTH = 0.1;
/** No probability is so small that its surprisal would drown all else. */
const LEAST_PROBABILITY = 1e-9;

export function tokensOf({ count }: Pick<Bins, 'count'>): number {
  return count + 2;
}

export function fitBins(values: Numbers, count: number): Bins {
  const ascending = sorted(values);
  const low = quantileOfSorted(ascending, OUTSIDE);
  const high = quantileOfSorted(ascending, 1 - OUTSIDE);
  const missing = Math.max(0, LEAST_WIDTH - (high - low)) / 2;
  return { low: low - missing, high: high + missing, count };
}

export function tokenOf(value: number, { low, high, count }: Bins): number {
  if (value < low) return 0;
  if (value >= high) return count + 1;
  return 1 + Math.min(count - 1, Math.floor(((value - low) / (high - low)) * count));
}

/** -ln of the probability of a token, nats. */
export function surprisalOf(probability: number): number {
  return -Math.log(Math.max(probability, LEAST_PROBABILITY));
}
