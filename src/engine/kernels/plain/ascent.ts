// The three ways to optimise one input, z (n,), of the discriminator. `at` is the offset of z in its array.
import type {
  AdamAscent,
  Ascent,
  BacktrackingAscent,
  NormalisedAscent,
} from '../../discriminator-kernels.ts';
import { crossEntropy, sigmoid, softplus } from './logistic.ts';
import { inputGradient, logitOf, type Network } from './network.ts';

/** (n,) arrays an ascent needs; reused, so that scoring allocates nothing. */
export interface AscentScratch {
  readonly gradient: Float64Array;
  readonly mean: Float64Array;
  readonly square: Float64Array;
  readonly candidate: Float64Array;
}

export function createAscentScratch(inputs: number): AscentScratch {
  return {
    gradient: new Float64Array(inputs),
    mean: new Float64Array(inputs),
    square: new Float64Array(inputs),
    candidate: new Float64Array(inputs),
  };
}

/** Moves z in place; x is the anchor of the backtracking rule. */
export function ascend(
  network: Network,
  scratch: AscentScratch,
  x: Float64Array,
  z: Float64Array,
  at: number,
  ascent: Ascent,
): void {
  switch (ascent.rule) {
    case 'adam':
      ascendByAdam(network, scratch, z, at, ascent);
      break;
    case 'backtracking':
      ascendByBacktracking(network, scratch, x, z, at, ascent);
      break;
    case 'normalised':
      ascendNormalised(network, scratch, z, at, ascent);
      break;
  }
}

export const MEAN_DECAY = 0.9;
export const SQUARE_DECAY = 0.999;
export const ADAM_EPSILON = 1e-8;
/** Steps in a row that hardly move before the ascent stops is one more than this; GON's gen.py. */
export const QUIET_STEPS = 10;
/** cos(pi k / 10): the rate's period is 20 steps. Written out, because Math.cos differs between platforms. */
const COSINES = [
  1, 0.9510565162951535, 0.8090169943749475, 0.5877852522924731, 0.30901699437494745, 0,
  -0.30901699437494745, -0.5877852522924731, -0.8090169943749475, -0.9510565162951535, -1,
] as const;

/** Share of the learning rate at a step, counted from 0. */
export function cosineRate(step: number): number {
  const phase = step % 20;
  return 0.5 * (1 + (COSINES[phase <= 10 ? phase : 20 - phase] as number));
}

function ascendByAdam(
  network: Network,
  scratch: AscentScratch,
  z: Float64Array,
  at: number,
  ascent: AdamAscent,
): void {
  const { maxSteps, learningRate, target, epsilon } = ascent;
  scratch.mean.fill(0);
  scratch.square.fill(0);
  let previous = 10;
  let quiet = 0;
  let meanDecay = 1;
  let squareDecay = 1;
  for (let step = 0; step < maxSteps; step++) {
    meanDecay *= MEAN_DECAY;
    squareDecay *= SQUARE_DECAY;
    const logit = logitOf(network, z, at);
    const loss = crossEntropy(logit, target);
    inputGradient(network, scratch.gradient);
    const rate = (learningRate * cosineRate(step)) / (1 - meanDecay);
    const rootCorrection = 1 / Math.sqrt(1 - squareDecay);
    const moved = adamMove(scratch, z, at, sigmoid(logit) - target, rate, rootCorrection);
    const gain = previous - loss;
    quiet = moved < epsilon || (gain > 0 && gain < epsilon) ? quiet + 1 : 0;
    if (quiet > QUIET_STEPS) return;
    previous = loss;
  }
}

/** One Adam step clamped to [0, 1]; returns the largest move of a coordinate. */
function adamMove(
  { gradient, mean, square }: AscentScratch,
  z: Float64Array,
  at: number,
  outer: number,
  rate: number,
  rootCorrection: number,
): number {
  let largest = 0;
  for (let j = 0; j < gradient.length; j++) {
    const g = outer * (gradient[j] as number);
    const m = MEAN_DECAY * (mean[j] as number) + (1 - MEAN_DECAY) * g;
    const v = SQUARE_DECAY * (square[j] as number) + (1 - SQUARE_DECAY) * g * g;
    mean[j] = m;
    square[j] = v;
    const old = z[at + j] as number;
    const free = old - (rate * m) / (Math.sqrt(v) * rootCorrection + ADAM_EPSILON);
    const moved = Math.max(0, Math.min(free, 1));
    z[at + j] = moved;
    const distance = Math.abs(moved - old);
    if (distance > largest) largest = distance;
  }
  return largest;
}

function ascendByBacktracking(
  network: Network,
  { gradient, candidate }: AscentScratch,
  x: Float64Array,
  z: Float64Array,
  at: number,
  ascent: BacktrackingAscent,
): void {
  const n = gradient.length;
  const pull = ascent.anchorWeight / n;
  let stepLength = ascent.firstStep;
  let logit = logitOf(network, z, at);
  let objective = -softplus(-logit) - pull * squaredDistance(z, at, x, at, n);
  let stale = true;
  for (let step = 0; step < ascent.steps; step++) {
    if (stale) {
      inputGradient(network, gradient);
      const outer = sigmoid(-logit);
      for (let j = 0; j < n; j++) {
        const away = (z[at + j] as number) - (x[at + j] as number);
        gradient[j] = outer * (gradient[j] as number) - 2 * pull * away;
      }
    }
    for (let j = 0; j < n; j++) {
      candidate[j] = (z[at + j] as number) + stepLength * (gradient[j] as number);
    }
    logit = logitOf(network, candidate, 0);
    const reached = -softplus(-logit) - pull * squaredDistance(candidate, 0, x, at, n);
    stale = reached > objective;
    stepLength *= stale ? 1.5 : 0.5;
    if (stale) {
      objective = reached;
      z.set(candidate, at);
    }
  }
}

function squaredDistance(
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  bAt: number,
  length: number,
): number {
  let sum = 0;
  for (let j = 0; j < length; j++) {
    const d = (a[aAt + j] as number) - (b[bAt + j] as number);
    sum += d * d;
  }
  return sum;
}

function ascendNormalised(
  network: Network,
  { gradient }: AscentScratch,
  z: Float64Array,
  at: number,
  ascent: NormalisedAscent,
): void {
  for (let step = 0; step < ascent.steps; step++) {
    logitOf(network, z, at);
    // log sigmoid(D) and D have the same direction of ascent.
    inputGradient(network, gradient);
    let square = 0;
    for (let j = 0; j < gradient.length; j++) square += (gradient[j] as number) ** 2;
    if (square === 0) return;
    const scale = ascent.stepLength / Math.sqrt(square);
    for (let j = 0; j < gradient.length; j++) {
      z[at + j] = (z[at + j] as number) + scale * (gradient[j] as number);
    }
  }
}
