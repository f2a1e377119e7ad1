// The times of a CSV file: in one unit from its first row to its last, and none before the row above it.

import { excerpt } from '../text/excerpt.ts';
import { detectTimeUnit, parseTime, type TimeUnit, timeTextFault } from '../text/time-text.ts';
import type { CsvFormat, CsvHeader } from './format.ts';

export interface CsvTimes {
  /**
   * The time of the next row, Unix milliseconds, or what is wrong with it, to follow the line's number. `index` counts
   * the rows, for files without times.
   */
  next(cells: readonly string[], index: number): number | string;
  /** Whether the row that was read last has the time of the one before. */
  readonly repeated: boolean;
}

export function csvTimes({ timeIndex, timeUnit }: CsvHeader, { intervalMs }: CsvFormat): CsvTimes {
  let unit = timeUnit;
  let lastMs = Number.NEGATIVE_INFINITY;
  let repeated = false;
  const read = (text: string): number | string => {
    const tried = unit ?? detectTimeUnit(text);
    const timeMs = tried && parseTime(text, tried);
    if (timeMs === undefined) {
      const fault = timeTextFault(text, unit, remedyFor(timeUnit));
      return `has the time '${excerpt(text)}', ${fault}`;
    }
    unit = tried; // a file does not change its clock
    return timeMs;
  };
  return {
    next(cells, index) {
      if (timeIndex < 0) return index * (intervalMs ?? 0);
      const timeMs = read((cells[timeIndex] ?? '').trim());
      if (typeof timeMs === 'string') return timeMs;
      if (timeMs < lastMs) return 'is earlier than the row before it: sort the file by time';
      repeated = timeMs === lastMs;
      lastMs = timeMs;
      return timeMs;
    },
    get repeated() {
      return repeated;
    },
  };
}

/** A unit that somebody chose may have been chosen wrongly; one that was found out is that of the rows before. */
function remedyFor(chosen: TimeUnit | undefined): string {
  if (chosen === undefined) return 'write all rows in one unit, or ';
  return 'correct timeUnit or the unit in the header, or ';
}
