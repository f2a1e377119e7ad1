// Gradient ascent with backtracking on log sigmoid(D(z)) - pull |z - x|^2, plain/ascent.ts `ascendByBacktracking`.
// ascentMean holds the directions of ascent, ascentSquare the candidates.
import { Discriminator, forwardRows, inputGradients, prepare } from './discriminator';
import { floats } from './lanes';
import { sigmoid, softplus } from './logistic';
import { scale, scaleAdd, squaredDistance } from './rows';

export function ascendByBacktracking(
  d: Discriminator,
  batch: i32,
  steps: i32,
  firstStep: f64,
  anchorWeight: f64,
): void {
  const pull = anchorWeight / <f64>d.inputs;
  prepare(d);
  forwardRows(d, d.z, batch);
  for (let b = 0; b < batch; b++) {
    store<f64>(d.objective + (<usize>b << 3), objectiveOf(d, b, d.z, pull));
    store<f64>(d.stepLength + (<usize>b << 3), firstStep);
    setStale(d, b, true);
  }
  let stale = batch;
  for (let step = 0; step < steps; step++) {
    if (stale > 0) {
      inputGradients(d, batch);
      for (let b = 0; b < batch; b++) if (isStale(d, b)) setDirection(d, b, <f32>pull);
    }
    for (let b = 0; b < batch; b++) {
      const row = floats(b * d.inputs);
      const stepLength = <f32>load<f64>(d.stepLength + (<usize>b << 3));
      scaleAdd(d.ascentSquare + row, stepLength, d.ascentMean + row, d.z + row, d.inputs);
    }
    forwardRows(d, d.ascentSquare, batch);
    stale = 0;
    for (let b = 0; b < batch; b++) if (judge(d, b, pull)) stale++;
  }
  forwardRows(d, d.z, batch);
}

/** Of the row whose logit was computed last. */
function objectiveOf(d: Discriminator, b: i32, z: usize, pull: f64): f64 {
  const row = floats(b * d.inputs);
  const logit = <f64>load<f32>(d.logits + floats(b));
  return -softplus(-logit) - pull * <f64>squaredDistance(z + row, d.x + row, d.inputs);
}

/** Takes the candidate if it is better, else undoes it and halves the step. True if z moved. */
function judge(d: Discriminator, b: i32, pull: f64): bool {
  const objectiveAt = d.objective + (<usize>b << 3);
  const stepAt = d.stepLength + (<usize>b << 3);
  const reached = objectiveOf(d, b, d.ascentSquare, pull);
  const better = reached > load<f64>(objectiveAt);
  store<f64>(stepAt, load<f64>(stepAt) * (better ? 1.5 : 0.5));
  setStale(d, b, better);
  if (better) {
    store<f64>(objectiveAt, reached);
    const row = floats(b * d.inputs);
    memory.copy(d.z + row, d.ascentSquare + row, floats(d.inputs));
  }
  return better;
}

/** A window that moved needs a new direction. */
function setStale(d: Discriminator, b: i32, stale: bool): void {
  store<i32>(d.quiet + (<usize>b << 2), stale ? 1 : 0);
}

function isStale(d: Discriminator, b: i32): bool {
  return load<i32>(d.quiet + (<usize>b << 2)) != 0;
}

/** Gradient of the objective: (1 - sigmoid) grad D - 2 pull (z - x). */
function setDirection(d: Discriminator, b: i32, pull: f32): void {
  const n = d.inputs;
  const row = floats(b * n);
  const direction = d.ascentMean + row;
  const outer = <f32>sigmoid(-(<f64>load<f32>(d.logits + floats(b))));
  scaleAdd(direction, -1.0, d.z + row, d.x + row, n);
  scale(direction, 2.0 * pull, direction, n);
  scaleAdd(direction, outer, d.inputGradient + row, direction, n);
}
