import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { StoreError } from '../../core/errors.ts';
import { type Channel, formatChannel, type Sample } from '../../core/sample.ts';
import { LEAST_MILLISECONDS } from '../../core/time-units.ts';

/** Writes samples as CSV that the csv source reads back exactly. */
export interface CsvWriter {
  /** Throws `StoreError` once writing has failed, e.g. because the disk is full. */
  write(sample: Pick<Sample, 'timeMs' | 'values'>): void;
  /** Resolves when everything is in the file. */
  close(): Promise<void>;
}

export interface CsvWriterOptions {
  /** Replaces an existing file; otherwise an existing file is a `StoreError`. */
  readonly overwrite?: boolean;
}

/** gzip buffers many more rows; a recording that is cut short loses no more than a minute at 1 Hz. */
const FLUSH_ROWS = 60;

/** Opens `path`, gzip when it ends in .gz. Time is Unix milliseconds, an empty cell is no reading. */
export async function createCsvWriter(
  path: string,
  channels: readonly Channel[],
  { overwrite = false }: CsvWriterOptions = {},
): Promise<CsvWriter> {
  const file = createWriteStream(path, { flags: overwrite ? 'w' : 'wx' });
  try {
    await once(file, 'open');
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
  const input = new PassThrough();
  const gzip = path.endsWith('.gz') ? createGzip() : undefined;
  let failure: StoreError | undefined;
  const written = (gzip ? pipeline(input, gzip, file) : pipeline(input, file)).catch(
    (cause: unknown) => {
      failure = cannotWrite(path, cause);
    },
  );
  let begun = false;
  let rows = 0;
  return {
    write({ timeMs, values }) {
      if (failure) throw failure;
      if (!begun) input.write(headerLine(channels, timeMs));
      begun = true;
      input.write(`${timeMs},${Array.from(values, formatCell).join(',')}\n`);
      rows += 1;
      if (rows % FLUSH_ROWS === 0) gzip?.flush();
    },
    async close() {
      if (!begun && !failure) input.write(headerLine(channels, LEAST_MILLISECONDS));
      input.end();
      await written;
      if (failure) throw failure;
    },
  };
}

/** The unit is written only if a reader would read the times as seconds. */
function headerLine(channels: readonly Channel[], firstMs: number): string {
  const time = Math.abs(firstMs) < LEAST_MILLISECONDS ? 'time[ms]' : 'time';
  return `${[time, ...channels.map((channel) => csvCell(formatChannel(channel)))].join(',')}
`;
}

/** Quoted where that is needed. Line ends become spaces: our reader, and many others, read line by line. */
export function csvCell(text: string): string {
  const line = text.replaceAll(/\r\n|[\n\r]/g, ' ');
  return /[",]/.test(line) ? `"${line.replaceAll('"', '""')}"` : line;
}

function formatCell(value: number): string {
  return Number.isFinite(value) ? String(value) : '';
}

function cannotWrite(path: string, cause: unknown): StoreError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'EEXIST') {
    return new StoreError(`${path} exists: choose another name or say that it may be replaced`, {
      code: 'SEN_STO_FILE_EXISTS',
      cause,
    });
  }
  if (code === 'ENOENT') {
    return new StoreError(`${path} cannot be made: its folder does not exist`, {
      code: 'SEN_STO_WRITE',
      cause,
    });
  }
  if (code === 'ENOSPC')
    return new StoreError(`${path}: no space left on the disk`, {
      code: 'SEN_STO_DISK_FULL',
      cause,
    });
  return new StoreError(`${path} cannot be written: ${message}`, { code: 'SEN_STO_WRITE', cause });
}
