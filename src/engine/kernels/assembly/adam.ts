// Adam: one step of it on a run of floats, and its use for weights. Kingma and Ba 2015, "Adam: a method for
// stochastic optimization", Alg. 1.
import { Discriminator } from './discriminator';
import { floats, multiplyAdd, put } from './lanes';

export const MEAN_DECAY: f64 = 0.9;
export const SQUARE_DECAY: f64 = 0.999;
const EPSILON: f32 = 1e-8;

/** Updates both averages by g and returns the step for a rate of 1: m / (sqrt(v) rootCorrection + epsilon). */
// @ts-ignore: decorator
@inline
export function adamDirection(mean: usize, square: usize, g: v128, rootCorrection: v128, left: i32): v128 {
  const m = multiplyAdd(
    f32x4.splat(<f32>MEAN_DECAY),
    v128.load(mean),
    f32x4.mul(f32x4.splat(<f32>(1.0 - MEAN_DECAY)), g),
  );
  const v = multiplyAdd(
    f32x4.splat(<f32>SQUARE_DECAY),
    v128.load(square),
    f32x4.mul(f32x4.splat(<f32>(1.0 - SQUARE_DECAY)), f32x4.mul(g, g)),
  );
  put(mean, m, left);
  put(square, v, left);
  return f32x4.div(m, multiplyAdd(f32x4.sqrt(v), rootCorrection, f32x4.splat(EPSILON)));
}

/** Weight decay is added to the gradient, as in PyTorch's Adam. */
export function updateWeights(d: Discriminator, learningRate: f64, weightDecay: f32): void {
  d.meanDecay *= MEAN_DECAY;
  d.squareDecay *= SQUARE_DECAY;
  const rate = f32x4.splat(<f32>(learningRate / (1.0 - d.meanDecay)));
  const rootCorrection = f32x4.splat(<f32>(1.0 / Math.sqrt(1.0 - d.squareDecay)));
  const decay = f32x4.splat(weightDecay);
  for (let i = 0; i < d.parameters; i += 4) {
    const at = floats(i);
    const left = d.parameters - i;
    const weight = v128.load(d.weights + at);
    const g = multiplyAdd(decay, weight, v128.load(d.gradients + at));
    const direction = adamDirection(d.means + at, d.squares + at, g, rootCorrection, left);
    put(d.weights + at, f32x4.sub(weight, f32x4.mul(rate, direction)), left);
  }
}
