// All windows of a scaled series, as views: T consecutive rows are contiguous in memory.

import { type GriddedSeries, windowStarts } from '../../../detection/windows/gridded.ts';
import { removeLevel } from '../../normalisation.ts';

export interface WindowTable {
  /** (N, C) row-major, scaled. */
  readonly rows: Float32Array;
  readonly width: number;
  /** T, rows. */
  readonly length: number;
  /** First row of each window, ascending. */
  readonly starts: Int32Array;
}

/** The windows whose newest row is in `from` .. `to` - 1; none spans a gap. */
export function windowTable(
  { series, rows }: { readonly series: GriddedSeries; readonly rows: Float32Array },
  length: number,
  [from, to]: readonly [number, number],
): WindowTable {
  const starts = windowStarts(series, length).filter((row) => {
    const newest = row + length - 1;
    return newest >= from && newest < to;
  });
  return { rows, width: series.channels.length, length, starts };
}

/** At most `most` windows of a table, evenly spread. */
export function thinned(table: WindowTable, most: number): WindowTable {
  const count = Math.min(most, table.starts.length);
  const starts = Int32Array.from({ length: count }, (_, i) => {
    return table.starts[Math.floor((i * table.starts.length) / count)] as number;
  });
  return { ...table, starts };
}

/** (T, C) view, not a copy, of the window at this place of the table. */
export function windowAt(
  { rows, width, length, starts }: WindowTable,
  place: number,
): Float32Array {
  const start = starts[place];
  if (start === undefined) throw new RangeError(`window ${place} of ${starts.length}`);
  return rows.subarray(start * width, (start + length) * width);
}

/** Copies the window at this place into `into`, (T*C). */
export type CopyWindow = (place: number, into: Float32Array) => void;

/** Copies the windows of a table as they are, or without their level. */
export function windowCopier(table: WindowTable, levelFree: boolean): CopyWindow {
  if (!levelFree) return (place, into) => into.set(windowAt(table, place));
  const levels = new Float32Array(table.width);
  return (place, into) => {
    into.set(windowAt(table, place));
    removeLevel(into, levels);
  };
}
