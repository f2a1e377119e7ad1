// Learning rate schedules. Steps count from 0; a schedule is pure and can be called in any order.
import { cosineOfPi } from '../cosine.ts';
import { requireOptions } from './optimiser.ts';

/** Learning rate of a step. */
export type RateSchedule = (step: number) => number;

export function constantRate(rate: number): RateSchedule {
  requireOptions({ rate }, 0, Number.POSITIVE_INFINITY);
  return () => rate;
}

/** Multiplies the rate by `factor` every given number of steps. */
export function steppedRate(options: {
  readonly rate: number;
  readonly every: number;
  readonly factor: number;
}): RateSchedule {
  const { rate, every, factor } = options;
  requireOptions({ rate, factor }, 0, Number.POSITIVE_INFINITY);
  requireOptions({ every }, 1, Number.POSITIVE_INFINITY);
  return (step) => {
    let lowered = rate;
    for (let fall = every; fall <= step; fall += every) lowered *= factor;
    return lowered;
  };
}

/**
 * Rises linearly from rate / (warmUp + 1) to `rate` at step `warmUp`, then falls along half a cosine to `least` at step
 * `steps`, and stays there.
 */
export function warmUpCosineRate(options: {
  readonly rate: number;
  readonly steps: number;
  readonly warmUp?: number;
  readonly least?: number;
}): RateSchedule {
  const { rate, steps, warmUp = 0, least = 0 } = options;
  requireOptions({ rate, least, warmUp }, 0, Number.POSITIVE_INFINITY);
  requireOptions({ steps }, warmUp + 1, Number.POSITIVE_INFINITY);
  return (step) => {
    if (step < warmUp) return (rate * (step + 1)) / (warmUp + 1);
    return between(rate, least, Math.min(1, (step - warmUp) / (steps - warmUp)));
  };
}

/**
 * Falls along half a cosine from `rate` to `least` in `period` steps, then restarts at `rate`; each period is `growth`
 * times as long as the last. Loshchilov and Hutter 2017, "SGDR: stochastic gradient descent with warm restarts".
 */
export function cosineRestartsRate(options: {
  readonly rate: number;
  readonly period: number;
  readonly growth?: number;
  readonly least?: number;
}): RateSchedule {
  const { rate, period, growth = 1, least = 0 } = options;
  requireOptions({ rate, least }, 0, Number.POSITIVE_INFINITY);
  requireOptions({ period, growth }, 1, Number.POSITIVE_INFINITY);
  return (step) => {
    let into = step;
    let length = period;
    while (into >= length) {
      into -= length;
      length *= growth;
    }
    return between(rate, least, into / length);
  };
}

/** Along half a cosine; `share` 0 is `from`, 1 is `to`. */
function between(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + cosineOfPi(share))) / 2;
}
