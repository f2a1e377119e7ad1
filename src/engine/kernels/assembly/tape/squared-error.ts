// Losses of squares for tapes; engine/tape/kernels/losses.ts says what they do. Sums are doubles: a loss is compared with
// itself a few steps ago.
import { floats } from '../lanes';

export function squaredError(to: i32, prediction: i32, target: i32, mask: i32, count: i32): void {
  let sum = 0.0;
  let weights = 0.0;
  for (let i = 0; i < count; i++) {
    const weight = weightAt(mask, i);
    const error = <f64>(load<f32>(floats(prediction + i)) - load<f32>(floats(target + i)));
    sum += <f64>weight * error * error;
    weights += <f64>weight;
  }
  store<f32>(floats(to), <f32>(sum / Math.max(weights, 1.0)));
}

export function squaredErrorBack(
  to: i32,
  gradient: i32,
  prediction: i32,
  target: i32,
  mask: i32,
  count: i32,
): void {
  let weights: f64 = count;
  if (mask) {
    weights = 0.0;
    for (let i = 0; i < count; i++) weights += <f64>weightAt(mask, i);
  }
  const factor = <f32>((2.0 * <f64>load<f32>(floats(gradient))) / Math.max(weights, 1.0));
  for (let i = 0; i < count; i++) {
    const error = load<f32>(floats(prediction + i)) - load<f32>(floats(target + i));
    const place = floats(to + i);
    store<f32>(place, load<f32>(place) + factor * weightAt(mask, i) * error);
  }
}

@inline
function weightAt(mask: i32, i: i32): f32 {
  return mask ? load<f32>(floats(mask + i)) : 1.0;
}
