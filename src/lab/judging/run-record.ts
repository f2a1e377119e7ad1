// The full record of one detector on one series, for reports.
import type { AlertChannel } from '../../core/alert.ts';
import type { Channel } from '../../core/sample.ts';
import type { ResultRow } from '../evaluation/result-row.ts';
import type { LabelledSegment, LabelledSeries } from '../series/labelled-series.ts';
import type { Performance } from './judge.ts';

/** Channels shown as curves: those that alerts and scores blame most. */
const SHOWN = 8;

/** An alert, with the rows it lasted. */
export interface RunAlert {
  readonly startMs: number;
  /** null = until the end of the series. */
  readonly endMs: number | null;
  readonly peak: number;
  readonly channels: readonly AlertChannel[];
}

/** Plain data that survive JSON. */
export interface RunRecord {
  readonly result: ResultRow;
  readonly timeMs: readonly number[];
  readonly scores: readonly number[];
  /** 0 = no level yet; empty = none could be set. */
  readonly levels: readonly number[];
  readonly segments: readonly LabelledSegment[];
  readonly alerts: readonly RunAlert[];
  readonly curves: readonly {
    readonly channel: Channel;
    readonly share: number;
    readonly values: readonly (number | null)[];
  }[];
}

/** `share` of a curve is its part of all scores. Numbers are shortened to six digits: this is for eyes. */
export function recordOf(
  { scores, perChannel, deployed }: Performance,
  { test, segments }: LabelledSeries,
  result: ResultRow,
): RunRecord {
  const width = test.channels.length;
  const shares = sharesOf(perChannel, width);
  const order = test.channels.map((_, c) => c).sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0));
  return {
    result,
    timeMs: [...test.timeMs],
    scores: Array.from(scores, shortened),
    levels: Array.from(deployed?.levels ?? [], shortened),
    segments,
    alerts: (deployed?.states ?? []).map(({ startMs, endMs, peak, channels }) => ({
      startMs,
      endMs,
      peak: shortened(peak),
      channels,
    })),
    curves: order.slice(0, SHOWN).map((c) => ({
      channel: test.channels[c] as Channel,
      share: shortened(shares[c] ?? 0),
      values: Array.from(test.timeMs, (_, row) => {
        const value = test.values[row * width + c] as number;
        return Number.isNaN(value) ? null : shortened(value);
      }),
    })),
  };
}

function sharesOf(perChannel: Float32Array, width: number): Float64Array {
  const sums = new Float64Array(width);
  perChannel.forEach((share, i) => {
    sums[i % width] = (sums[i % width] as number) + share;
  });
  const total = sums.reduce((sum, share) => sum + share, 0);
  return total > 0 ? sums.map((share) => share / total) : sums;
}

function shortened(value: number): number {
  return Number(value.toPrecision(6));
}
