// Adam: one step of it on a run of floats, and its use for weights. Kingma and Ba 2015, "Adam: a method for
// stochastic optimization", Alg. 1.
import { Discriminator } from './discriminator';
import { floats, multiplyAdd, put } from './lanes';

export const MEAN_DECAY: f64 = 0.9;
export const SQUARE_DECAY: f64 = 0.999;
const EPSILON: f32 = 1e-8;

/** Updates both averages by g and returns the step for a rate of 1: m / (sqrt(v) rootCorrection + epsilon). */
@inline
export function adamDirection(mean: usize, square: usize, g: v128, rootCorrection: f32, left: i32): v128 {
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
  return f32x4.div(m, multiplyAdd(f32x4.sqrt(v), f32x4.splat(rootCorrection), f32x4.splat(EPSILON)));
}

/** Weight decay is added to the gradient, as in PyTorch's Adam. */
export function updateWeights(d: Discriminator, learningRate: f64, weightDecay: f32): void {
  d.meanDecay *= MEAN_DECAY;
  d.squareDecay *= SQUARE_DECAY;
  // By way of memory, because V8 would move the root and the divisions into the loop where they are used.
  d.rate = <f32>(learningRate / (1.0 - d.meanDecay));
  d.rootCorrection = <f32>(1.0 / Math.sqrt(1.0 - d.squareDecay));
  const rate = d.rate;
  const rootCorrection = d.rootCorrection;
  const weights = d.weights;
  const gradients = d.gradients;
  const means = d.means;
  const squares = d.squares;
  const left = d.parameters & 3;
  const whole = floats(d.parameters - left);
  for (let at: usize = 0; at < whole; at += 16) {
    updateFour(weights + at, gradients + at, means + at, squares + at, rate, rootCorrection, weightDecay, 4);
  }
  if (left) {
    updateFour(weights + whole, gradients + whole, means + whole, squares + whole, rate, rootCorrection, weightDecay, left);
  }
}

@inline
function updateFour(
  weights: usize,
  gradients: usize,
  means: usize,
  squares: usize,
  rate: f32,
  rootCorrection: f32,
  weightDecay: f32,
  left: i32,
): void {
  const weight = v128.load(weights);
  const g = multiplyAdd(f32x4.splat(weightDecay), weight, v128.load(gradients));
  const direction = adamDirection(means, squares, g, rootCorrection, left);
  put(weights, f32x4.sub(weight, f32x4.mul(f32x4.splat(rate), direction)), left);
}
