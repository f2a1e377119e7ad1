// Plants faults at known positions into normal rows, as a test for a model.
import { rowOf, type Series } from '../../core/series.ts';
import type { Random } from '../../engine/random.ts';
import { channelSpread } from '../series/labelled-series.ts';

export const CORRUPTION_KINDS = ['step', 'ramp', 'noise', 'elsewhere'] as const;

export interface Corruption {
  readonly kind: (typeof CORRUPTION_KINDS)[number];
  /** First row, and how many there are. */
  readonly row: number;
  readonly rows: number;
  readonly channel: number;
  /** In standard deviations of the channel; not used for `elsewhere`. */
  readonly size: number;
  /** Row from which `elsewhere` copies. */
  readonly from: number;
}

export interface Planting {
  /** How many in all. */
  readonly count: number;
  /** Rows of each. */
  readonly rows: number;
  /** Rows left alone after each, so that windows see one at a time. */
  readonly apart: number;
}

/** From hard to see to obvious. */
const SIZES = [3, 6, 12];

/**
 * Corruptions in turn of each kind and size, in random channels, spread over as many copies of the stretch as they
 * need: one list a copy. None when the stretch is too short for one.
 */
export function planCorruptions(
  series: Series,
  { count, rows, apart }: Planting,
  random: Random,
): readonly (readonly Corruption[])[] {
  const length = series.timeMs.length;
  const perCopy = Math.floor(length / (rows + apart));
  if (perCopy === 0) return [];
  const step = Math.floor(length / perCopy);
  return Array.from({ length: Math.ceil(count / perCopy) }, (_, copy) =>
    Array.from({ length: Math.min(perCopy, count - copy * perCopy) }, (_, place) => {
      const n = copy * perCopy + place;
      return {
        kind: CORRUPTION_KINDS[n % CORRUPTION_KINDS.length] as Corruption['kind'],
        row: place * step + random.integer(step - rows - apart + 1),
        rows,
        channel: random.integer(series.channels.length),
        size: SIZES[Math.floor(n / CORRUPTION_KINDS.length) % SIZES.length] as number,
        from: random.integer(length - rows + 1),
      };
    }),
  );
}

/** A copy of the series with these faults. Missing readings stay missing. */
export function plant(series: Series, corruptions: readonly Corruption[], random: Random): Series {
  const width = series.channels.length;
  const values = series.values.slice();
  const spreads = series.channels.map((_, channel) => channelSpread(series, channel));
  for (const { kind, row, rows, channel, size, from } of corruptions) {
    const amount = size * (spreads[channel] as number);
    for (let i = 0; i < rows; i++) {
      const at = (row + i) * width + channel;
      const value = series.values[at] as number;
      const other = rowOf(series, from + i)[channel] as number;
      values[at] = corrupted(kind, { value, other, amount, share: (i + 1) / rows, random });
    }
  }
  return { ...series, values };
}

interface Cell {
  readonly value: number;
  readonly other: number;
  readonly amount: number;
  /** Progress through the corruption, up to 1. */
  readonly share: number;
  readonly random: Random;
}

function corrupted(
  kind: Corruption['kind'],
  { value, other, amount, share, random }: Cell,
): number {
  switch (kind) {
    case 'step':
      return value + amount;
    case 'ramp':
      return value + amount * share;
    case 'noise':
      return value + amount * random.normal();
    case 'elsewhere':
      return other; // each value is a normal one, what the channels are to each other is not
  }
}
