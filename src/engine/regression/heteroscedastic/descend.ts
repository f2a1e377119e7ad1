// The training loop of small networks: Adam over shuffled batches, slower and slower.
import { adam } from '../../optimisers/adam.ts';
import type { Trainable } from '../../optimisers/optimiser.ts';
import { warmUpCosineRate } from '../../optimisers/rate-schedules.ts';
import type { Random } from '../../random.ts';

export interface Course {
  /** Of batches. */
  readonly steps: number;
  readonly rate: number;
  /** In the gradient. */
  readonly weightDecay?: number;
}

/** Rows of a batch. */
export const BATCH = 16;

/**
 * `learn` adds to the gradients what belongs to the mean loss of some of the rows, BATCH at most. The rate falls along half
 * a cosine to a twentieth.
 */
export function descend(
  target: Trainable,
  rows: number,
  { steps, rate, weightDecay = 0 }: Course,
  random: Random,
  learn: (rows: Int32Array) => void,
): void {
  const optimiser = adam(target, { rate, weightDecay });
  const rateOf = warmUpCosineRate({ rate, steps, least: rate / 20 });
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const batches = Math.ceil(rows / BATCH);
  for (let step = 0; step < steps; step++) {
    const from = (step % batches) * BATCH;
    if (from === 0) random.shuffle(order);
    target.gradients.fill(0);
    learn(order.subarray(from, Math.min(from + BATCH, rows)));
    optimiser.step(rateOf(step));
  }
}

/** Rows of (.., width), one after the other, into `into`. */
export function gather(
  values: Float64Array,
  width: number,
  rows: Int32Array,
  into: Float64Array,
): void {
  for (let k = 0; k < rows.length; k++) {
    const from = (rows[k] as number) * width;
    for (let i = 0; i < width; i++) into[k * width + i] = values[from + i] as number;
  }
}
