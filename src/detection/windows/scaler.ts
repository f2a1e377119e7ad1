// Scales channels of any unit to numbers of the order of 1, so that the unit does not determine a channel's weight.
//
// Notation   C channels, N rows; offset and scale (C,): scaled = (value - offset) / scale, clipped to +-clip.
import { CalibrationError } from '../../core/errors.ts';
import { leastOfInterest } from '../../core/sample.ts';
import type { Series } from '../../core/series.ts';
import { extent, mean, quantileOfSorted, standardDeviation } from '../../engine/statistics.ts';
import type { ScalerState } from '../../models/model.ts';

/** Unit of scaled values: a robust or plain standard deviation, or the range in training. */
export type ScalerKind = 'robust' | 'standard' | 'minmax';

/** Clip limit of scaled values: ten deviations are an anomaly, and more would dominate the other channels. */
export const CLIP = 10;

/** A deviation is at least this share of the channel's range in training. */
const RANGE_FLOOR = 0.02;

/** ... and at least this share of its magnitude, which exceeds only floating-point noise. */
const MAGNITUDE_FLOOR = 1e-4;

/** ... and at least this share of what matters of its unit: a tenth of a percent, so that by default 1 % reaches the clip. */
const INTEREST_FLOOR = 0.2;

/** A channel with a range below this share of its magnitude is constant. */
const CONSTANT_RANGE = 1e-6;

/** A constant channel reaches 1 when it moves by this share of its magnitude, and the clip at ten times as much. */
const CONSTANT_FLOOR = 0.01;

/** A channel that was always 0 has no magnitude; it reaches 1 at a tenth of its unit, and the clip at a whole one. */
const ZERO_FLOOR = 0.1;

/** Quartiles of a normal distribution are this many standard deviations apart. */
const QUARTILES_APART = 1.349;

/** ... and its 1 % and 99 % quantiles this many. */
const TAILS_APART = 4.6527;

/**
 * Learns offset and scale of each channel from normal data; readings that are not finite do not count. A floor
 * relative to range and magnitude gives constant channels a usable scale.
 * Throws `CalibrationError` naming the channels that have no reading at all.
 */
export function fitScaler(kind: ScalerKind, series: Series, clip = CLIP): ScalerState {
  const silent: string[] = [];
  const offset: number[] = [];
  const scale: number[] = [];
  for (const [c, { id, unit }] of series.channels.entries()) {
    const readings = readingsOf(series, c).sort();
    if (readings.length === 0) {
      silent.push(id);
      continue;
    }
    const fit = fits[kind](readings);
    offset.push(fit.offset);
    scale.push(Math.max(fit.scale, floorOf(readings), INTEREST_FLOOR * leastOfInterest(unit)));
  }
  if (silent.length > 0) {
    throw new CalibrationError(
      `no reading of ${silent.join(', ')} in ${series.timeMs.length} rows of '${series.id}': ` +
        'a channel must be read at least once, leave it out or record longer',
      { code: 'SEN_CAL_SILENT_CHANNEL' },
    );
  }
  return { kind, offset, scale, clip };
}

/** Scales one row into `into`, starting at `offset`. NaN stays NaN, see `fillCentre`. */
export function scaleInto(
  state: ScalerState,
  values: Float64Array,
  into: Float32Array,
  offset: number,
): void {
  const { clip } = state;
  for (let c = 0; c < values.length; c++) {
    const scaled =
      ((values[c] as number) - (state.offset[c] as number)) / (state.scale[c] as number);
    into[offset + c] = Math.max(-clip, Math.min(clip, scaled));
  }
}

/**
 * Writes the training centre (scaled 0) for channels without any reading so far, which have no last value; it is a neutral
 * value.
 */
export function fillCentre(scaled: Float32Array, offset: number, count: number): void {
  for (let i = offset; i < offset + count; i++) if (Number.isNaN(scaled[i])) scaled[i] = 0;
}

/** Back to the unit of the channel. */
export function unscale(state: ScalerState, channel: number, value: number): number {
  const offset = state.offset[channel];
  const scale = state.scale[channel];
  if (offset === undefined || scale === undefined) {
    throw new RangeError(`channel ${channel} is not one of ${state.offset.length}`);
  }
  return value * scale + offset;
}

interface Fit {
  readonly offset: number;
  readonly scale: number;
}

const fits: Readonly<Record<ScalerKind, (ascending: Float64Array) => Fit>> = {
  // The greater of two estimates: the quartiles of a channel that rests most of the time are equal, and all of its normal
  // bursts would reach the clip limit.
  robust: (ascending) => ({
    offset: quantileOfSorted(ascending, 0.5),
    scale: Math.max(
      between(ascending, 0.25, 0.75) / QUARTILES_APART,
      between(ascending, 0.01, 0.99) / TAILS_APART,
    ),
  }),
  standard: (ascending) => ({ offset: mean(ascending), scale: standardDeviation(ascending) }),
  minmax: (ascending) => ({
    offset: quantileOfSorted(ascending, 0),
    scale: between(ascending, 0, 1),
  }),
};

function between(ascending: Float64Array, low: number, high: number): number {
  return quantileOfSorted(ascending, high) - quantileOfSorted(ascending, low);
}

/** Relative throughout, because channels differ by a factor of 1e9 (bytes beside shares of one). */
function floorOf(readings: Float64Array): number {
  const [least, greatest] = extent(readings);
  const range = greatest - least;
  const magnitude = Math.max(Math.abs(least), Math.abs(greatest));
  if (magnitude === 0) return ZERO_FLOOR;
  if (range <= CONSTANT_RANGE * magnitude) return CONSTANT_FLOOR * magnitude;
  return Math.max(RANGE_FLOOR * range, MAGNITUDE_FLOOR * magnitude);
}

function readingsOf(series: Series, channel: number): Float64Array {
  const width = series.channels.length;
  const readings = new Float64Array(series.timeMs.length);
  let count = 0;
  for (let i = channel; i < series.values.length; i += width) {
    const value = series.values[i] as number;
    if (Number.isFinite(value)) readings[count++] = value;
  }
  return readings.slice(0, count);
}
