// Predictions of the surrogate, and the acquisition that a search maximises: the mean plus weighted uncertainties. The
// aleatoric uncertainty has the weight of the networks' share: if each point has one value, it is only their residual.
import type { Differentiable } from '../../optimisers/differentiable.ts';
import { extent, mean, standardDeviation } from '../../statistics.ts';
import { columnsOf, type Points, type Prediction } from '../regressor.ts';
import type { GaussianLearner } from './gaussian-learner.ts';
import type { Student } from './teacher.ts';
import type { Trend } from './trends.ts';

/** a = mean + aleatoric * share * sigma + epistemic * xi, with both standard deviations and the share of the networks. */
export interface AcquisitionWeights {
  readonly aleatoric: number;
  readonly epistemic: number;
}

/** a at points, (rows, width), in the scale of y. */
export function worth(
  parts: Parts,
  { aleatoric, epistemic }: AcquisitionWeights,
  points: Points,
): Float64Array {
  if (parts.share === 0)
    return worthOfTrend(parts.trend.at(parts.trendSees.of(points.values)), epistemic);
  const predicted = predict(parts, points, epistemic !== 0);
  return predicted.mean.map(
    (mean, i) =>
      mean +
      parts.share * aleatoric * (predicted.aleatoric[i] as number) +
      epistemic * (predicted.epistemic[i] as number),
  );
}

/** Networks without weight are most of the work for nothing, and so is a doubt without weight. */
function worthOfTrend(trend: ReturnType<Trend['at']>, epistemic: number): Float64Array {
  if (epistemic === 0) return trend.mean;
  const { mean, doubt } = trend;
  return mean.map((one, i) => one + epistemic * (doubt[i] as number));
}

/** A function of points whose values are known once its gradient was computed. */
export interface Acquisition extends Differentiable {
  /** (rows,) a at the points of the last `gradient`, in the unit of y. */
  readonly values: Float64Array;
}

/** -a summed over the points of `width`, in `unit` of y, as a function to minimise. */
export function acquisition(
  { trend, gaussian, student, networksSee, trendSees, unit, networksUnit, share: earned }: Parts,
  { aleatoric, epistemic }: AcquisitionWeights,
  { rows, width }: { readonly rows: number; readonly width: number },
): Acquisition {
  const share = earned * (networksUnit / unit);
  const weights = new Float64Array(rows * width);
  const gradients = new Float64Array(weights.length);
  const byMean = new Float64Array(rows).fill(-share);
  const values = new Float64Array(rows);

  /** The networks' mean and noise, in values and gradients. */
  function addNetworks(x: Float64Array): void {
    const { mean, variance } = gaussian.forward(x, rows);
    for (let row = 0; row < rows; row++) {
      const noise = aleatoric * Math.sqrt(variance[row] as number);
      values[row] = share * unit * ((mean[row] as number) - MIDDLE + noise);
    }
    const byVariance = variance.map((s) => (-share * aleatoric) / (2 * Math.sqrt(s)));
    networksSee.addTo(gradients, gaussian.backwardToInput({ mean: byMean, variance: byVariance }));
  }

  /** Networks' spread and trend's doubt together, in values and the networks' gradients; returns the slopes by the doubt. */
  function addUncertainty(x: Float64Array, straight: ReturnType<Trend['at']>): Float64Array {
    const doubt = straight.doubt.map((one) => one / unit);
    const spread =
      share > 0 ? student.forward(x, rows).map((one) => share * one) : new Float64Array(rows);
    const unsure = spread.map((one, row) => together(one, doubt[row] as number));
    for (let row = 0; row < rows; row++) {
      values[row] = (values[row] as number) + epistemic * unit * (unsure[row] as number);
    }
    const part = (of: Float64Array) =>
      of.map((one, row) => (epistemic * one) / (unsure[row] as number));
    if (share > 0) {
      const bySpread = part(spread).map((one) => -share * one);
      networksSee.addTo(gradients, student.backwardToInput(bySpread));
    }
    return part(doubt);
  }

  return {
    weights,
    gradients,
    values,
    gradient() {
      gradients.fill(0);
      values.fill(0);
      const x = networksSee.of(weights);
      // Networks without weight are most of the work for nothing.
      if (share > 0) addNetworks(x);
      const straight = trend.at(trendSees.of(weights));
      for (let row = 0; row < rows; row++) {
        values[row] = (values[row] as number) + (straight.mean[row] as number);
      }
      const byTrend = straight.gradient(epistemic === 0 ? undefined : addUncertainty(x, straight));
      trendSees.addTo(
        gradients,
        byTrend.map((one) => -one / unit),
      );
    },
  };
}

/** Points that are predicted at once, so that the data stay in the processor's cache. */
const CHUNK = 256;

/**
 * Predicts points, (rows, width): the trend, the networks' addition to it, and the uncertainties. Without `epistemic` that is 0:
 * it is most of the work.
 */
export function predict(
  { trend, gaussian, student, networksSee, trendSees, networksUnit: unit, share }: Parts,
  { values, width }: Points,
  epistemic = true,
): Prediction {
  const count = values.length / width;
  const prediction = {
    mean: new Float64Array(count),
    aleatoric: new Float64Array(count),
    epistemic: new Float64Array(count),
  };
  for (let from = 0; from < count; from += CHUNK) {
    const end = Math.min(from + CHUNK, count);
    const chunk = values.subarray(from * width, end * width);
    const x = networksSee.of(chunk);
    const straight = trend.at(trendSees.of(chunk));
    const { mean, variance } = gaussian.forward(x, end - from);
    prediction.mean.set(
      mean.map((m, i) => (straight.mean[i] as number) + share * unit * (m - MIDDLE)),
      from,
    );
    prediction.aleatoric.set(
      variance.map((s) => unit * Math.sqrt(s)),
      from,
    );
    if (!epistemic) continue;
    const spread = student.forward(x, end - from);
    prediction.epistemic.set(
      spread.map((s, i) => together(share * unit * s, straight.doubt[i] as number)),
      from,
    );
  }
  return prediction;
}

/** The trained parts of the surrogate. */
export interface Parts {
  readonly trend: Trend;
  readonly gaussian: GaussianLearner;
  readonly student: Student;
  readonly networksSee: View;
  readonly trendSees: View;
  /** Units of y in one unit of the acquisition's gradient. */
  readonly unit: number;
  /** Units of y in one unit of the networks. */
  readonly networksUnit: number;
  /** Weight of the networks' predictions, see `Shrinkage`. */
  readonly share: number;
}

/** The networks' value for a residual of 0. */
export const MIDDLE = 0.5;

/** Epistemic uncertainty of networks and trend together, whose errors are independent. */
function together(spread: number, doubt: number): number {
  return Math.hypot(spread, doubt);
}

// Views: the columns of points that a learner uses, scaled for it.

interface View {
  /** Number of columns. */
  readonly width: number;
  /** The view, (rows, width), of whole points, (rows, all). */
  of(values: Float64Array): Float64Array;
  /** Adds a gradient by the view, (rows, width) and maybe longer, to one by whole points. */
  addTo(gradients: Float64Array, own: Float64Array): void;
}

export function seenBy(view: View, points: Points): Points {
  return { values: view.of(points.values), width: view.width };
}

interface Views {
  readonly networksSee: View;
  readonly trendSees: View;
}

/**
 * Views of points with columns of `parts` for the networks, then of `effects` for the trend; without effects both are the
 * same. With `all` the trend sees the columns of both.
 */
export function viewsOf(
  space: Points,
  parts: readonly number[],
  effects: readonly number[],
  all: boolean,
): Views {
  const { width } = space;
  const own = total(parts);
  const { of } = plainView(0, own, width);
  const frame = frameOf({ values: of(space.values), width: own }, parts);
  const networksSee = framedView(frame, width);
  const from = all ? 0 : own;
  const trendSees = effects.length > 0 ? plainView(from, width - from, width) : networksSee;
  return { networksSee, trendSees };
}

export function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0);
}

/** The first columns of `all`, in the frame. */
function framedView(frame: Frame, all: number): View {
  const { width, of, addTo } = plainView(0, frame.unit.length, all);
  return {
    width,
    of: (values) => intoFrame(frame, of(values)),
    addTo: (gradients, own) =>
      addTo(
        gradients,
        own.map((value, i) => value / (frame.unit[i % width] as number)),
      ),
  };
}

/** `width` columns of `all`, as they are. */
function plainView(from: number, width: number, all: number): View {
  return {
    width,
    of(values) {
      const rows = values.length / all;
      const own = new Float64Array(rows * width);
      for (let row = 0; row < rows; row++) {
        const start = row * all + from;
        own.set(values.subarray(start, start + width), row * width);
      }
      return own;
    },
    addTo(gradients, own) {
      for (let row = 0; row < gradients.length / all; row++) {
        const into = gradients.subarray(row * all + from, row * all + from + width);
        for (let i = 0; i < width; i++) {
          into[i] = (into[i] as number) + (own[row * width + i] as number);
        }
      }
    },
  };
}

// Scaling of coordinates and values for the networks.

interface Frame {
  readonly centre: Float64Array;
  /** Unit of each coordinate; the same within a part, because the range of a coordinate reflects its importance. */
  readonly unit: Float64Array;
}

/** `parts` are the widths of the parts of a point. */
export function frameOf(points: Points, parts: readonly number[]): Frame {
  const columns = columnsOf(points);
  const variances = columns.map((column) => standardDeviation(column) ** 2);
  let from = 0;
  const unit = parts.flatMap((part) => {
    const square = mean(variances.slice(from, from + part));
    from += part;
    return new Array<number>(part).fill(square > 0 ? Math.sqrt(square) : 1);
  });
  return { centre: Float64Array.from(columns, mean), unit: Float64Array.from(unit) };
}

export function intoFrame({ centre, unit }: Frame, values: Float64Array): Float64Array {
  const width = centre.length;
  return values.map((value, place) => {
    const i = place % width;
    return (value - (centre[i] as number)) / (unit[i] as number);
  });
}

/** Range of the values in the networks' scale, within which the logistic function is not flat. */
const SPAN = 0.8;

/** Units of y in one unit of the networks; 1 for constant values. */
export function unitOf(y: Float64Array): number {
  const [least, most] = extent(y);
  return most > least ? (most - least) / SPAN : 1;
}
