// Losses: each is one number. The forward pass stores the slopes for the backward pass.
import type { Binding, Step, Tape } from '../tape/tape.ts';
import { asRows, type Tensor } from '../tape/tensor.ts';

interface Loss {
  readonly kind: string;
  readonly attributes?: NonNullable<Step['attributes']>;
  readonly inputs: readonly Tensor[];
  /** Inputs that get a gradient, one array of slopes each. */
  readonly predictions: readonly Tensor[];
  /** Returns a function that writes the loss to `to`, and its slopes. */
  forward(binding: Binding, to: number, slopes: readonly number[]): () => void;
}

function recordLoss(tape: Tape, loss: Loss): Tensor {
  const { kind, attributes, inputs, predictions } = loss;
  const output = tape.value([1]);
  const saved = predictions.map(({ shape }) => tape.value(shape));
  return tape.record({
    kind,
    ...(attributes && { attributes }),
    inputs,
    output,
    saved,
    rereads: [],
    forward: (binding) => loss.forward(binding, binding.at(output), saved.map(binding.at)),
    backward({ kernels, memory, at, gradientAt }) {
      const dy = gradientAt(output);
      const ways = predictions
        .map((tensor, i) => ({ to: gradientAt(tensor), from: at(saved[i] as Tensor), ...tensor }))
        .filter(({ to }) => to !== 0);
      return () => {
        const factor = memory[dy] as number;
        for (const { to, from, size } of ways) kernels.addScaled(to, factor, from, size);
      };
    },
  });
}

/** Throws RangeError unless there is one target, and one weight if any, for each prediction. */
function checkSizes(prediction: Tensor, target: Tensor, mask?: Tensor): void {
  const { size } = prediction;
  if (target.size === size && (!mask || mask.size === size)) return;
  const weights = mask ? ` and ${mask.size} weights` : '';
  throw new RangeError(
    `${size} predictions, ${target.size} targets${weights}: there must be one for each`,
  );
}

// The mean of (p - t)^2.

/**
 * One number. `mask`, of the same size, weighs each element; the sum is divided by the sum of the weights, or by 1 if
 * that is less. Neither target nor mask gets a gradient; elements of weight 0 may have any value, even NaN.
 */
export function meanSquaredError(
  tape: Tape,
  prediction: Tensor,
  target: Tensor,
  mask?: Tensor,
): Tensor {
  checkSizes(prediction, target, mask);
  return recordLoss(tape, {
    kind: 'mean-squared-error',
    inputs: mask ? [prediction, target, mask] : [prediction, target],
    predictions: [prediction],
    forward({ kernels, at }, to, [slopes = 0]) {
      const [p, t, m] = [at(prediction), at(target), mask ? at(mask) : 0];
      return () => kernels.squaredLoss(to, slopes, p, t, m, prediction.size);
    },
  });
}

// A squared error that becomes linear for large errors. Huber 1964, "Robust estimation of a location parameter".

/** (p - t)^2 / 2 up to |p - t| = `delta`, in the unit of p. `mask` as in meanSquaredError. */
export function huberLoss(
  tape: Tape,
  prediction: Tensor,
  target: Tensor,
  delta: number,
  mask?: Tensor,
): Tensor {
  checkSizes(prediction, target, mask);
  if (!(delta > 0 && delta < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`delta is ${delta}, must be positive and finite`);
  }
  return recordLoss(tape, {
    kind: 'huber-loss',
    attributes: { delta },
    inputs: mask ? [prediction, target, mask] : [prediction, target],
    predictions: [prediction],
    forward({ kernels, at }, to, [slopes = 0]) {
      const [p, t, m] = [at(prediction), at(target), mask ? at(mask) : 0];
      return () => kernels.huberLoss(to, slopes, p, t, m, delta, prediction.size);
    },
  });
}

// The pinball loss, which is least if a prediction is the quantile of its level. Koenker and Bassett 1978, "Regression
// quantiles".

/** Predictions (..., Q), one per level, targets (...); the mean over all. Levels are between 0 and 1. */
export function quantileLoss(
  tape: Tape,
  prediction: Tensor,
  target: Tensor,
  levels: readonly number[],
): Tensor {
  const [rows, columns] = asRows(prediction);
  if (levels.length !== columns || target.size !== rows) {
    throw new RangeError(
      `${prediction.shape.join('x')} predictions, ${target.size} targets, ${levels.length} levels: expected one row per target and one column per level`,
    );
  }
  const wrong = levels.find((level) => !(level > 0 && level < 1));
  if (wrong !== undefined) throw new RangeError(`a level is ${wrong}, must lie between 0 and 1`);
  const given = tape.constant([columns], levels);
  return recordLoss(tape, {
    kind: 'quantile-loss',
    inputs: [prediction, target, given],
    predictions: [prediction],
    forward({ kernels, at }, to, [slopes = 0]) {
      const [p, t, q] = [at(prediction), at(target), at(given)];
      return () => kernels.quantileLoss(to, slopes, p, t, q, rows, columns);
    },
  });
}

// The negative log-likelihood of a normal distribution whose variance is predicted too, without the constant
// ln(2 pi) / 2. Nix and Weigend 1994, "Estimating the mean and variance of the target probability distribution".

/** (s + (t - mean)^2 e^-s) / 2 with s = `logVariance`. `mask` as in meanSquaredError. */
export function gaussianNll(
  tape: Tape,
  mean: Tensor,
  logVariance: Tensor,
  target: Tensor,
  mask?: Tensor,
): Tensor {
  checkSizes(mean, target, mask);
  if (logVariance.size !== mean.size) {
    throw new RangeError(
      `${mean.size} means, ${logVariance.size} variances: expected as many variances as means`,
    );
  }
  return recordLoss(tape, {
    kind: 'gaussian-nll',
    inputs: mask ? [mean, logVariance, target, mask] : [mean, logVariance, target],
    predictions: [mean, logVariance],
    forward({ kernels, at }, to, [slopes = 0, logVarianceSlopes = 0]) {
      const [p, s, t, m] = [at(mean), at(logVariance), at(target), mask ? at(mask) : 0];
      return () => kernels.gaussianLoss(to, slopes, logVarianceSlopes, p, s, t, m, mean.size);
    },
  });
}

// The cross-entropy of softmax(logits) to a distribution, row by row.

/**
 * Logits and target (R, K), the rows of the target summing to 1. `weights` (R,) weigh the rows, and rows of weight 0 may
 * have any value; the sum is divided by the sum of the weights, or by 1 if that is less.
 */
export function crossEntropy(tape: Tape, logits: Tensor, target: Tensor, weights?: Tensor): Tensor {
  const [rows, columns] = asRows(logits);
  const [targetRows, targetColumns] = asRows(target);
  if (targetRows !== rows || targetColumns !== columns) {
    throw new RangeError(
      `logits are ${rows}x${columns}, targets ${targetRows}x${targetColumns}: both must be the same`,
    );
  }
  if (weights && weights.size !== rows) {
    throw new RangeError(`${weights.size} weights for ${rows} rows: there must be one for each`);
  }
  return recordLoss(tape, {
    kind: 'cross-entropy',
    inputs: weights ? [logits, target, weights] : [logits, target],
    predictions: [logits],
    forward({ kernels, at }, to, [slopes = 0]) {
      const [p, t, w] = [at(logits), at(target), weights ? at(weights) : 0];
      return () => kernels.softmaxLoss(to, slopes, p, t, w, rows, columns);
    },
  });
}

// The cross-entropy of sigmoid(logit) to a target in [0, 1].

/** The mean over all; safe for any logit. */
export function binaryCrossEntropy(tape: Tape, logits: Tensor, target: Tensor): Tensor {
  checkSizes(logits, target);
  return recordLoss(tape, {
    kind: 'binary-cross-entropy',
    inputs: [logits, target],
    predictions: [logits],
    forward({ kernels, at }, to, [slopes = 0]) {
      const [p, t] = [at(logits), at(target)];
      return () => kernels.logisticLoss(to, slopes, p, t, 0, logits.size);
    },
  });
}
