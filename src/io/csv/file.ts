// A CSV file of channels, plain or gzip, read as a stream in bounded memory.
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { SourceError } from '../../core/errors.ts';
import type { Channel } from '../../core/sample.ts';
import { excerpt, LONGEST_LINE, lineBatches } from '../text/lines.ts';
import {
  type CsvFormat,
  type CsvHeader,
  csvFormat,
  csvTimes,
  parseCell,
  parseHeader,
  splitCells,
} from './format.ts';

export interface CsvRow {
  /** 1-based line of the file. */
  readonly line: number;
  readonly timeMs: number;
  readonly values: Float64Array;
}

export interface CsvFile {
  readonly channels: readonly Channel[];
  /** Rows in file order, a batch per chunk. Times never go backwards; several rows may have the same. */
  rows(): AsyncGenerator<readonly CsvRow[]>;
}

/**
 * Opens a file and reads its header at once, so that `channels` are known before the first row.
 * Throws `SourceError` that names file and line; with `onBadRow: skip` faults of rows go to `onFault` instead. Oddities
 * that are not faults, e.g. two rows of the same time, always go there.
 */
export function openCsv(
  path: string,
  options: Partial<CsvFormat> = {},
  onFault: (message: string) => void = () => undefined,
): CsvFile {
  const format = csvFormat.parse(options);
  const head = readHeader(path, format);
  return {
    channels: head.header.channels,
    rows: () => readRows({ path, format, onFault, ...head }),
  };
}

interface Reading {
  readonly path: string;
  readonly format: CsvFormat;
  readonly header: CsvHeader;
  /** Line of the header, 1-based; blank lines may precede it. */
  readonly headerLine: number;
  readonly onFault: (message: string) => void;
}

function readHeader(path: string, format: CsvFormat): Pick<Reading, 'header' | 'headerLine'> {
  const lines = readHead(path)
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  const index = lines.findIndex((line) => line.trim() !== '');
  const line = lines[index];
  if (line === undefined) {
    throw new SourceError(`${path} is empty: expected a header line with channel names`, {
      code: 'SEN_SRC_CSV_HEADER',
    });
  }
  try {
    return { header: parseHeader(line, format), headerLine: index + 1 };
  } catch (cause) {
    throw new SourceError(`${path} line ${index + 1} ${(cause as Error).message}`, {
      code: 'SEN_SRC_CSV_HEADER',
      cause,
    });
  }
}

/** The beginning of the file as text. */
function readHead(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(LONGEST_LINE);
      const bytes = buffer.subarray(0, readSync(file, buffer));
      if (!path.endsWith('.gz') || bytes.length === 0) return bytes.toString('utf8');
      // The chunk ends in the middle of the stream: its part is enough.
      return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw cannotRead(path, cause);
  }
}

function cannotRead(path: string, cause: unknown, line?: number): SourceError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const where = line === undefined ? path : `${path} after line ${line}`;
  if (code === 'ENOENT')
    return new SourceError(`${path} does not exist: check the path`, {
      code: 'SEN_SRC_CSV_MISSING',
      cause,
    });
  if (code === 'EISDIR')
    return new SourceError(`${path} is a folder: name a .csv or .csv.gz file`, {
      code: 'SEN_SRC_CSV_UNREADABLE',
      cause,
    });
  if (code === 'Z_BUF_ERROR') {
    return new SourceError(`${where}: the gzip file is cut off: copy it again`, {
      code: 'SEN_SRC_CSV_UNREADABLE',
      cause,
    });
  }
  if (code?.startsWith('Z_')) {
    return new SourceError(`${where}: not a readable gzip file (${message}): copy it again`, {
      code: 'SEN_SRC_CSV_UNREADABLE',
      cause,
    });
  }
  return new SourceError(`${where} cannot be read: ${message}`, {
    code: 'SEN_SRC_CSV_UNREADABLE',
    cause,
  });
}

async function* readRows(reading: Reading): AsyncGenerator<readonly CsvRow[]> {
  const { path } = reading;
  const parse = rowParser(reading);
  let read = reading.headerLine;
  let rows = 0;
  try {
    for await (const { first, lines } of lineBatches(openText(path), path)) {
      const batch = lines.flatMap((line, index) => parse(line, first + index) ?? []);
      read = first + lines.length - 1;
      rows += batch.length;
      if (batch.length > 0) yield batch;
    }
  } catch (cause) {
    throw cause instanceof SourceError ? cause : cannotRead(path, cause, read);
  }
  if (rows === 0)
    throw new SourceError(`${path} has a header but no readable row`, { code: 'SEN_SRC_CSV_ROW' });
}

function openText(path: string): Readable {
  const file = createReadStream(path);
  if (!path.endsWith('.gz')) return file;
  // Errors reach the reader through the destroyed gunzip stream.
  return pipeline(file, createGunzip(), () => undefined);
}

/** Parses a line to a row; undefined for blank, header and skipped lines. */
function rowParser(reading: Reading): (text: string, line: number) => CsvRow | undefined {
  const { path, format, header, headerLine } = reading;
  const times = csvTimes(header, format);
  let index = -1;
  return (text, line) => {
    if (line <= headerLine || text.trim() === '') return undefined;
    index += 1;
    const fault = (what: string): undefined => {
      const message = `${path} line ${line} ${what}`;
      if (format.onBadRow === 'fail') throw new SourceError(message, { code: 'SEN_SRC_CSV_ROW' });
      reading.onFault(message);
    };
    const cells = splitCells(text, format.delimiter);
    if (cells.length !== header.width) {
      return fault(`has ${cells.length} cells, expected ${header.width} as in the header`);
    }
    const timeMs = times.next(cells, index);
    if (typeof timeMs === 'string') return fault(timeMs);
    if (times.repeated) {
      reading.onFault(`${path} line ${line} has the time of the row before it: both count as one`);
    }
    return { line, timeMs, values: readValues(cells, header, fault) };
  };
}

function readValues(
  cells: readonly string[],
  { columns, channels }: CsvHeader,
  fault: (what: string) => undefined,
): Float64Array {
  const values = new Float64Array(columns.length);
  for (let i = 0; i < columns.length; i += 1) {
    const text = cells[columns[i] as number] as string;
    const value = parseCell(text);
    if (value === undefined || value === Infinity || value === -Infinity) {
      const expected = value === undefined ? 'a number' : 'a finite number';
      fault(
        `has '${excerpt(text)}' for channel '${channels[i]?.id}', expected ${expected} (empty = no reading)`,
      );
      values[i] = Number.NaN;
    } else values[i] = value;
  }
  return values;
}
