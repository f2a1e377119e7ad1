// Trials that follow each other are alike, so they are shuffled and redrawn in blocks.
import type { Random } from '../../../engine/random.ts';

/**
 * Integrated autocorrelation time in trials, at least 1: n trials are worth n / tau independent ones. Sums
 * correlations up to the first that is not positive. 1 for a constant series.
 */
export function correlationTime(series: Uint8Array): number {
  const n = series.length;
  const mean = series.reduce((sum, value) => sum + value, 0) / n;
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < n; i++)
      sum += ((series[i] as number) - mean) * ((series[i - lag] as number) - mean);
    return sum;
  };
  const variance = covariance(0);
  if (variance === 0) return 1;
  let tau = 1;
  for (let lag = 1; lag < n / 4; lag++) {
    const correlation = covariance(lag) / variance;
    if (correlation <= 0) break;
    tau += 2 * correlation;
  }
  return tau;
}

/** Block length for two series: twice the longer correlation time, at most a tenth of the trials. */
export function blockLength(a: Uint8Array, b: Uint8Array): number {
  const wanted = Math.ceil(2 * Math.max(correlationTime(a), correlationTime(b)));
  return Math.max(1, Math.min(wanted, Math.floor(a.length / 10)));
}

/** (n,) an order of trials: turned by a random offset, cut into blocks, blocks shuffled. Every trial occurs once. */
export function shuffledBlocks(n: number, length: number, random: Random): Uint32Array {
  const offset = random.integer(n);
  const starts = Array.from({ length: Math.ceil(n / length) }, (_, block) => block * length);
  random.shuffle(starts);
  const order = new Uint32Array(n);
  let place = 0;
  for (const start of starts) {
    for (let i = start; i < Math.min(n, start + length); i++) order[place++] = (i + offset) % n;
  }
  return order;
}

/** (n,) trials drawn with replacement, in blocks that wrap around the end. */
export function drawnBlocks(n: number, length: number, random: Random): Uint32Array {
  const order = new Uint32Array(n);
  for (let place = 0; place < n; ) {
    const start = random.integer(n);
    for (let i = 0; i < length && place < n; i++) order[place++] = (start + i) % n;
  }
  return order;
}
