// The cross-entropy of rows for tapes; engine/tape/kernels/losses.ts says what it does.
import { exponential } from '../exponential';
import { floats, keep, multiplyAdd, put, sum } from '../lanes';
import { shareOfOne } from './losses';
import { largest } from './softmax';

export function softmaxLoss(
  to: i32,
  slopes: i32,
  prediction: i32,
  target: i32,
  weights: i32,
  rows: i32,
  columns: i32,
): void {
  const share = shareOfOne(weights, rows);
  let total = 0.0;
  for (let i = 0; i < rows; i++) {
    const at = i * columns;
    const weight: f64 = weights ? <f64>load<f32>(floats(weights + i)) : 1.0;
    if (weight == 0.0) memory.fill(floats(slopes + at), 0, floats(columns));
    else {
      const part = <f32>(weight * share);
      total += weight * rowLoss(floats(slopes + at), floats(prediction + at), floats(target + at), part, columns);
    }
  }
  store<f32>(floats(to), <f32>(total * share));
}

/** Stores part (softmax(p) sum_k t_k - t) and returns sum_k t_k (ln sum_j e^p_j - p_k). */
function rowLoss(slopes: usize, prediction: usize, target: usize, part: f32, count: i32): f64 {
  const most = f32x4.splat(largest(prediction, count));
  let powers = f32x4.splat(0.0);
  let targets = f32x4.splat(0.0);
  let products = f32x4.splat(0.0);
  for (let j = 0; j < count; j += 4) {
    const left = count - j;
    const below = f32x4.sub(v128.load(prediction + floats(j)), most);
    const t = keep(v128.load(target + floats(j)), left);
    const power = exponential(below);
    put(slopes + floats(j), power, left);
    powers = f32x4.add(powers, keep(power, left));
    targets = f32x4.add(targets, t);
    products = multiplyAdd(t, keep(below, left), products);
  }
  const share = f32x4.splat(part);
  const scale = f32x4.splat(sum(targets) / sum(powers));
  for (let j = 0; j < count; j += 4) {
    const at = slopes + floats(j);
    const slope = f32x4.sub(f32x4.mul(v128.load(at), scale), v128.load(target + floats(j)));
    put(at, f32x4.mul(slope, share), count - j);
  }
  return <f64>sum(targets) * Math.log(<f64>sum(powers)) - <f64>sum(products);
}
