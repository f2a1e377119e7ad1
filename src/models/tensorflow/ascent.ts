// The three ways to optimise inputs of the discriminator, for all rows of a batch at once; engine/kernels/plain/ascent.ts does
// the same for one row. To be called inside of tf.tidy, which frees the tensors.
//
// Notation   B batch, n inputs; x, z (B, n)
import type {
  AdamAscent,
  Ascent,
  BacktrackingAscent,
  NormalisedAscent,
} from '../../engine/discriminator-kernels.ts';
import {
  ADAM_EPSILON,
  cosineRate,
  MEAN_DECAY,
  QUIET_STEPS,
  SQUARE_DECAY,
} from '../../engine/kernels/plain/ascent.ts';
import type { TensorFlow, TfTensor } from './api.ts';
import { inputGradient, type Layers, pass } from './network.ts';

export interface Ascending {
  readonly tf: TensorFlow;
  readonly layers: Layers;
  readonly slope: number;
}

/** The optimised z; x is the anchor of the backtracking rule. */
export function ascend(ascending: Ascending, x: TfTensor, z: TfTensor, ascent: Ascent): TfTensor {
  switch (ascent.rule) {
    case 'adam':
      return ascendByAdam(ascending, z, ascent);
    case 'backtracking':
      return ascendByBacktracking(ascending, x, z, ascent);
    case 'normalised':
      return ascendNormalised(ascending, z, ascent);
  }
}

function ascendByAdam({ tf, layers, slope }: Ascending, start: TfTensor, ascent: AdamAscent) {
  const { maxSteps, learningRate, target, epsilon } = ascent;
  const calm = calmness(start.shape[0] ?? 1, epsilon);
  let [z, mean, square] = [start, tf.zerosLike(start), tf.zerosLike(start)];
  for (let step = 0; step < maxSteps && calm.isAnyMoving(); step++) {
    const rate = (learningRate * cosineRate(step)) / (1 - MEAN_DECAY ** (step + 1));
    const rootCorrection = 1 / Math.sqrt(1 - SQUARE_DECAY ** (step + 1));
    [z, mean, square] = tf.tidy((): [TfTensor, TfTensor, TfTensor] => {
      const seen = pass(tf, layers, slope, z);
      const g = tf
        .sigmoid(seen.logits)
        .sub(target)
        .mul(inputGradient(tf, layers, seen));
      const m = mean.mul(MEAN_DECAY).add(g.mul(1 - MEAN_DECAY));
      const v = square.mul(SQUARE_DECAY).add(g.square().mul(1 - SQUARE_DECAY));
      const length = m.mul(rate).div(v.sqrt().mul(rootCorrection).add(ADAM_EPSILON));
      const moved = z.sub(length).clipByValue(0, 1);
      const isMoving = tf.tensor2d(calm.moving(), [calm.moving().length, 1], 'bool');
      const losses = tf.softplus(seen.logits).sub(seen.logits.mul(target));
      calm.note(losses.dataSync<'float32'>(), moved.sub(z).abs().max(1).dataSync<'float32'>());
      return [tf.where(isMoving, moved, z), m, v];
    });
  }
  return z;
}

/** Tracks which rows still move: a row that was quiet for enough steps stops. */
function calmness(batch: number, epsilon: number) {
  const previous = new Float64Array(batch).fill(10);
  const quiet = new Uint8Array(batch);
  const isMoving = (steps: number): boolean => steps <= QUIET_STEPS;
  return {
    isAnyMoving: () => quiet.some(isMoving),
    moving: () => Uint8Array.from(quiet, (steps) => (isMoving(steps) ? 1 : 0)),
    note(losses: Float32Array, distances: Float32Array): void {
      for (let b = 0; b < batch; b++) {
        const steps = quiet[b] as number;
        if (!isMoving(steps)) continue;
        const loss = losses[b] as number;
        const gain = (previous[b] as number) - loss;
        const isQuiet = (distances[b] as number) < epsilon || (gain > 0 && gain < epsilon);
        quiet[b] = isQuiet ? steps + 1 : 0;
        previous[b] = loss;
      }
    },
  };
}

function ascendByBacktracking(
  { tf, layers, slope }: Ascending,
  x: TfTensor,
  start: TfTensor,
  { steps, firstStep, anchorWeight }: BacktrackingAscent,
): TfTensor {
  const [batch = 1, inputs = 1] = start.shape;
  const pull = anchorWeight / inputs;
  const objectiveAt = (z: TfTensor, logits: TfTensor): TfTensor =>
    tf.softplus(logits.neg()).add(z.sub(x).square().sum(1, true).mul(pull)).neg();
  let z = start;
  let lengths: TfTensor = tf.fill([batch, 1], firstStep);
  for (let step = 0; step < steps; step++) {
    [z, lengths] = tf.tidy((): [TfTensor, TfTensor] => {
      const seen = pass(tf, layers, slope, z);
      const rise = tf.sigmoid(seen.logits.neg()).mul(inputGradient(tf, layers, seen));
      const candidate = z.add(lengths.mul(rise.sub(z.sub(x).mul(2 * pull))));
      const reached = objectiveAt(candidate, pass(tf, layers, slope, candidate).logits);
      const isBetter = reached.greater(objectiveAt(z, seen.logits));
      return [tf.where(isBetter, candidate, z), lengths.mul(isBetter.cast('float32').add(0.5))];
    });
  }
  return z;
}

function ascendNormalised(
  { tf, layers, slope }: Ascending,
  start: TfTensor,
  { steps, stepLength }: NormalisedAscent,
): TfTensor {
  let z = start;
  for (let step = 0; step < steps; step++) {
    z = tf.tidy(() => {
      // log sigmoid(D) and D have the same direction of ascent.
      const gradient = inputGradient(tf, layers, pass(tf, layers, slope, z));
      const norms = gradient.square().sum(1, true).sqrt();
      return z.add(tf.divNoNan(gradient.mul(stepLength), norms));
    });
  }
  return z;
}
