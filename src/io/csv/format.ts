// What a line of a CSV file means: which column is time, which are channels, and what counts as a number or a time.
import { z } from 'zod';
import { type Channel, parseChannel } from '../../core/sample.ts';
import { excerpt } from '../text/lines.ts';
import { detectTimeUnit, parseTime, type TimeUnit, timeTextFault } from '../text/time-text.ts';

/** Options of everything that reads CSV, as a zod shape. */
export const csvFormatShape = {
  timeColumn: z
    .string()
    .optional()
    .describe(
      'name of the time column; default: a column called time, timestamp, datetime, date or ts',
    ),
  timeUnit: z
    .enum(['auto', 's', 'ms', 'us', 'ns', 'iso'])
    .default('auto')
    .describe(
      'Unix seconds, milliseconds, microseconds, nanoseconds, ISO 8601, or found out: from a header such as time[ms], else from the first row, a number by its size',
    ),
  intervalMs: z
    .number()
    .positive()
    .optional()
    .describe('time between rows in milliseconds, for files without a time column'),
  delimiter: z.string().length(1).default(',').describe('character between cells'),
  ignoreColumns: z
    .array(z.string())
    .default([])
    .describe('columns that are not channels, e.g. labels'),
  onBadRow: z
    .enum(['fail', 'skip'])
    .default('fail')
    .describe(
      'fail: stop and name the line; skip: an unreadable cell is no reading, a row that is unreadable or earlier than the one before is left out, both are counted',
    ),
};

export const csvFormat = z.strictObject(csvFormatShape);
export type CsvFormat = z.infer<typeof csvFormat>;

/** The columns. `timeIndex` is -1 when there is no time column; `columns[i]` belongs to `channels[i]`. */
export interface CsvHeader {
  readonly width: number;
  readonly timeIndex: number;
  readonly timeUnit: TimeUnit | undefined;
  readonly columns: readonly number[];
  readonly channels: readonly Channel[];
}

const NUMERIC_UNITS = ['s', 'ms', 'us', 'ns'] as const;

const TIME_NAMES = new Set(['time', 'timestamp', 'datetime', 'date', 'ts']);

/** Throws `Error` whose message completes "<file> line 1: ...". */
export function parseHeader(line: string, format: CsvFormat): CsvHeader {
  const names = splitCells(line, format.delimiter).map(parseChannel);
  if (names.every(({ id }) => id === '' || parseCell(id) !== undefined)) {
    throw new Error('holds numbers where a header with channel names was expected');
  }
  const timeIndex = findTime(names, format);
  const ignored = new Set(format.ignoreColumns);
  const columns = names.flatMap(({ id }, index) =>
    index === timeIndex || ignored.has(id) ? [] : [index],
  );
  const channels = columns.map((index) => names[index] as Channel);
  checkNames(channels, columns);
  return {
    width: names.length,
    timeIndex,
    timeUnit: unitOf(names[timeIndex], format),
    columns,
    channels,
  };
}

function findTime(names: readonly Channel[], format: CsvFormat): number {
  const { timeColumn } = format;
  const found = names.findIndex(({ id }) =>
    timeColumn === undefined ? TIME_NAMES.has(id.toLowerCase()) : id === timeColumn,
  );
  if (found >= 0) return found;
  const columns = excerpt(names.map(({ id }) => id).join(', '));
  if (timeColumn !== undefined) {
    throw new Error(`has no column '${timeColumn}': set timeColumn to one of ${columns}`);
  }
  if (format.intervalMs === undefined) {
    throw new Error(
      `has no time column (it has ${columns}): name it with timeColumn, or give intervalMs`,
    );
  }
  return -1;
}

function unitOf(time: Channel | undefined, format: CsvFormat): TimeUnit | undefined {
  if (format.timeUnit !== 'auto') return format.timeUnit;
  return NUMERIC_UNITS.find((unit) => unit === time?.unit);
}

function checkNames(channels: readonly Channel[], columns: readonly number[]): void {
  if (channels.length === 0)
    throw new Error('names no channel: expected at least one beside the time');
  const seen = new Set<string>();
  for (const [index, { id }] of channels.entries()) {
    if (id === '') throw new Error(`has no name for column ${(columns[index] ?? 0) + 1}`);
    if (seen.has(id)) throw new Error(`names channel '${id}' twice`);
    seen.add(id);
  }
}

/** Cells without quotes. A quoted cell ends with its line, so that a broken quote costs one row and not the file. */
export function splitCells(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i += 1) {
    const character = line.charAt(i);
    if (character === '"') {
      if (quoted && line.charAt(i + 1) === '"') {
        cell += '"';
        i += 1;
      } else quoted = !quoted;
    } else if (character === delimiter && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  cells.push(cell);
  return cells;
}

const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;
const NO_READING = new Set(['', 'nan', '-nan', 'na', 'n/a', 'null', 'none']);

/** The number in a cell, NaN for "no reading", +-Infinity as such, undefined for anything else. */
export function parseCell(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text); // 1e999 becomes Infinity
  const word = text.trim().toLowerCase();
  if (NO_READING.has(word)) return Number.NaN;
  if (/^[+]?inf(inity)?$/.test(word)) return Number.POSITIVE_INFINITY;
  if (/^-inf(inity)?$/.test(word)) return Number.NEGATIVE_INFINITY;
  return undefined;
}

export interface CsvTimes {
  /**
   * The time of the next row, Unix milliseconds, or its fault, as the end of a message. `index` counts the rows, for files
   * without times.
   */
  next(cells: readonly string[], index: number): number | string;
  /** Whether the last row has the time of the row before it. */
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

/** A configured unit may be wrong; a detected unit is that of the rows before. */
function remedyFor(chosen: TimeUnit | undefined): string {
  if (chosen === undefined) return 'write all rows in one unit, or ';
  return 'correct timeUnit or the unit in the header, or ';
}
