// Delimited text that holds nothing but numbers, after an optional header. Public sets need no quoting.
import { SourceError } from '../../core/errors.ts';
import { isCalendarDay } from '../../core/time-units.ts';
import { readText } from './files.ts';

export interface NumericTable {
  readonly path: string;
  /** Cells of the first line where `header` was asked for, else empty. */
  readonly header: readonly string[];
  readonly rows: number;
  readonly width: number;
  /** (rows, width) row-major. */
  readonly values: Float64Array;
}

export interface TableFormat {
  readonly delimiter?: string;
  readonly header?: boolean;
  /** Reads a cell; default: a finite number, else an error. */
  readonly parse?: (cell: string, column: number) => number | undefined;
}

/** Throws `SourceError` naming the line that is ragged, not a number, or missing altogether. */
export function readTable(path: string, format: TableFormat = {}): NumericTable {
  const { delimiter = ',', header: hasHeader = false, parse = finite } = format;
  const lines = readText(path).split(/\r?\n/);
  while (lines.length > 0 && lines[lines.length - 1]?.trim() === '') lines.pop();
  const header = hasHeader ? cellsOf(lines[0] ?? '', delimiter) : [];
  const body = hasHeader ? lines.slice(1) : lines;
  if (body.length === 0)
    throw new SourceError(`${path} holds no rows: fetch the data set again`, {
      code: 'SEN_SRC_DATASET',
    });
  const width = hasHeader ? header.length : cellsOf(body[0] ?? '', delimiter).length;
  const values = new Float64Array(body.length * width);
  body.forEach((line, row) => {
    const cells = cellsOf(line, delimiter);
    const place = `${path} line ${row + (hasHeader ? 2 : 1)}`;
    if (cells.length !== width) {
      throw new SourceError(`${place} has ${cells.length} cells, expected ${width}`, {
        code: 'SEN_SRC_DATASET',
      });
    }
    cells.forEach((cell, column) => {
      const value = parse(cell, column);
      if (value === undefined) {
        throw new SourceError(`${place}: '${cell}' in column ${column + 1} is not a number`, {
          code: 'SEN_SRC_DATASET',
        });
      }
      values[row * width + column] = value;
    });
  });
  return { path, header, rows: body.length, width, values };
}

/** (rows, columns.length) row-major: some columns of a table, for some of its rows. */
export function columnsOf(
  table: NumericTable,
  columns: readonly number[],
  from = 0,
  to = table.rows,
): Float64Array {
  const picked = new Float64Array((to - from) * columns.length);
  for (let row = from; row < to; row++) {
    columns.forEach((column, c) => {
      picked[(row - from) * columns.length + c] = table.values[
        row * table.width + column
      ] as number;
    });
  }
  return picked;
}

/** Undefined unless the cell is a finite number. */
export function finite(cell: string): number | undefined {
  const value = Number(cell);
  return cell.trim() === '' || !Number.isFinite(value) ? undefined : value;
}

/** `2020-03-09 10:14:33`, with or without T and fraction, read as UTC: local times have no zone. */
export function timestamp(cell: string): number | undefined {
  const text = cell.trim().replace(' ', 'T');
  if (!isCalendarDay(text)) return undefined;
  const ms = Date.parse(/[zZ]$|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

function cellsOf(line: string, delimiter: string): readonly string[] {
  return line.split(delimiter);
}
