// A strict count of alerts by their opening row: a long alert that merely overlaps an event does not catch it.
import type { Segment } from '../series/segments.ts';

/** Rows after the last one of an event in which an alert may still open and catch it. */
export const LATE_ROWS = 5;
/** Rows after an event in which an opening counts neither as caught nor as false: after-effects of the event. */
const AFTERMATH_ROWS = 15;

export interface OpeningMatch {
  readonly events: number;
  readonly caught: number;
  /** Openings that lie in no event, nor within 15 rows after one. */
  readonly falseAlarms: number;
  /** Of each event that was caught: rows from its first to the first opening. */
  readonly delays: readonly number[];
  /** Of each event, the row of the first opening that catches it; undefined = missed. */
  readonly caughtAt: readonly (number | undefined)[];
}

/**
 * `events` are runs of rows in order, `openings` the rows in which alerts opened, ascending. An event is caught when an
 * alert opens from its first row to 5 rows after its last; an opening belongs to the first event that it catches.
 */
export function matchOpenings(
  events: readonly Segment[],
  openings: readonly number[],
): OpeningMatch {
  const caughtAt = events.map(({ start }, index) => {
    const until = catchableUntil(events, index);
    return openings.find((row) => row >= start && row < until);
  });
  const delays = events.flatMap(({ start }, index) => {
    const first = caughtAt[index];
    return first === undefined ? [] : [first - start];
  });
  const excused = (row: number): boolean =>
    events.some(({ start, end }) => row >= start && row < end + AFTERMATH_ROWS);
  const falseAlarms = openings.filter((row) => !excused(row)).length;
  return { events: events.length, caught: delays.length, falseAlarms, delays, caughtAt };
}

/** The first row in which an alert that opens no longer catches the event. */
export function catchableUntil(events: readonly Segment[], index: number): number {
  const end = events[index]?.end ?? 0;
  return Math.min(end + LATE_ROWS, events[index + 1]?.start ?? Number.POSITIVE_INFINITY);
}

/** Rows, of those at `timeMs`, in which alerts opened at these times; a row of a grid stands at most half an interval beside. */
export function openingRows(openedMs: readonly number[], timeMs: Float64Array): readonly number[] {
  const halfMs = timeMs.length > 1 ? ((timeMs[1] as number) - (timeMs[0] as number)) / 2 : 0;
  return openedMs
    .map((opened) =>
      Math.max(
        0,
        timeMs.findLastIndex((time) => time <= opened + halfMs),
      ),
    )
    .sort((a, b) => a - b);
}
