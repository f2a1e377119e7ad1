// Summary of a lesson: a few figures of each channel for each block of rows.
//
// Notation   N rows, C channels, B rows of a block, M blocks; figures (M,), NaN where a block has too few readings.
import { median, quantileOfSorted } from '../../engine/statistics.ts';

/** Scaled rows, row-major; NaN = no reading. */
export interface ScaledRows {
  /** (N, C). */
  readonly values: Float32Array;
  readonly width: number;
}

/**
 * `level` = median, `spread` = log of the distance of the tails, `missing` = share of rows without a reading, `still` =
 * share of readings that repeat the one before.
 */
export type FigureKind = 'level' | 'spread' | 'missing' | 'still';

export interface Figure {
  readonly kind: FigureKind;
  readonly channel: number;
  /** (M,). */
  readonly values: Float64Array;
  /** Least relevant distance to the other blocks. */
  readonly floor: number;
  /** Whether blocks below the others matter, too. */
  readonly twoSided: boolean;
}

/**
 * Least relevant shift of a level, scaled: a channel that spends half of its time on each of two levels has them 1.35
 * apart, because its quartiles set the scale. The shift must also exceed one deviation of the noise within a block.
 */
const LEVEL_FLOOR = 0.9;
/** Least relevant change of a spread: a factor of three. */
const SPREAD_FLOOR = Math.log(3);
/** Added to spreads, scaled, so that tiny ones compare as equal. */
const LEAST_SPREAD = 0.1;
/** Least relevant share of a block's rows without a reading, or without a change. */
const SHARE_FLOOR = 0.5;
/** Least readings of a block for its tails. */
const LEAST_READINGS = 5;
const TAILS = [0.1, 0.9] as const;
/** Tails of a normal distribution are this many standard deviations apart. */
const TAILS_APART = 2.563;

/** O(N C log B). Blocks have `blockRows` rows; remaining rows at the end belong to the last block. */
export function blockFigures({ values, width }: ScaledRows, blockRows: number): readonly Figure[] {
  const rows = values.length / width;
  const blocks = Math.max(1, Math.floor(rows / blockRows));
  return Array.from({ length: width }, (_, channel) => {
    const level = new Float64Array(blocks).fill(Number.NaN);
    const spread = new Float64Array(blocks).fill(Number.NaN);
    const missing = new Float64Array(blocks);
    const still = new Float64Array(blocks).fill(Number.NaN);
    const noise: number[] = [];
    for (let block = 0; block < blocks; block++) {
      const from = block * blockRows;
      const to = block === blocks - 1 ? rows : from + blockRows;
      const readings = readingsOf(values, { width, channel, from, to });
      missing[block] = 1 - readings.length / (to - from);
      if (readings.length < LEAST_READINGS) continue;
      still[block] = repeated(readings) / (readings.length - 1);
      readings.sort();
      const apart = quantileOfSorted(readings, TAILS[1]) - quantileOfSorted(readings, TAILS[0]);
      level[block] = quantileOfSorted(readings, 0.5);
      spread[block] = Math.log(LEAST_SPREAD + apart);
      noise.push(apart / TAILS_APART);
    }
    const shift = Math.max(LEVEL_FLOOR, noise.length > 0 ? median(noise) : 0);
    const figure = (kind: FigureKind, of: Float64Array, floor: number): Figure => ({
      ...{ kind, channel, values: of, floor },
      twoSided: kind === 'level',
    });
    return [
      figure('level', level, shift),
      figure('spread', spread, SPREAD_FLOOR),
      figure('missing', missing, SHARE_FLOOR),
      figure('still', still, SHARE_FLOOR),
    ];
  }).flat();
}

interface Cut {
  readonly width: number;
  readonly channel: number;
  readonly from: number;
  readonly to: number;
}

/** In the order of time. */
function readingsOf(values: Float32Array, { width, channel, from, to }: Cut): Float64Array {
  const readings = new Float64Array(to - from);
  let count = 0;
  for (let row = from; row < to; row++) {
    const value = values[row * width + channel] as number;
    if (Number.isFinite(value)) readings[count++] = value;
  }
  return readings.subarray(0, count);
}

/** Readings that are equal to the one before. */
function repeated(readings: Float64Array): number {
  return readings.reduce((sum, value, i) => sum + Number(value === readings[i - 1]), 0);
}
