// Files that are read whole by name: never a file without an end, a file that blocks, or one larger than its content may be.
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';

/** V8's longest text; a file that is parsed as text cannot hold more. */
export const LONGEST_TEXT_BYTES = 512 * 1024 * 1024 - 24;

const KB = 1024;

/**
 * The bytes of a regular file, links followed. Throws errors of the file system, and an error without a `code` for more than
 * `mostBytes` and for a folder, a pipe or a device, which it does not open. `whyUnread` describes each.
 */
export function readWhole(path: string, mostBytes: number): Buffer {
  const { size } = requireReadable(path, mostBytes);
  // if a pipe replaces the file in between, this does not wait for a writer
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return readUpTo(file, size, mostBytes);
  } finally {
    closeSync(file);
  }
}

/** Throws like `readWhole`, and reads nothing. */
export function requireReadable(path: string, mostBytes: number): Stats {
  const stats = statSync(path);
  requireRegular(stats);
  requireAtMost(stats.size, mostBytes);
  accessSync(path, constants.R_OK);
  return stats;
}

/** As `readWhole`, for UTF-8. */
export function readWholeText(path: string, mostBytes: number = LONGEST_TEXT_BYTES): string {
  return readWhole(path, mostBytes).toString('utf8');
}

/** Why `readWhole` refused a file, as the end of a sentence that starts with the name of the file. */
export function whyUnread(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  switch (code) {
    case undefined:
      return message;
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist';
    case 'EACCES':
    case 'EPERM':
      return `may not be read by this user (${code})`;
    default:
      return `cannot be read (${code})`;
  }
}

function requireRegular(stats: Stats): void {
  if (stats.isFile()) return;
  const found = stats.isDirectory() ? 'a folder' : stats.isFIFO() ? 'a pipe' : 'a device or socket';
  throw new Error(`is ${found} and no regular file`);
}

function requireAtMost(bytes: number, mostBytes: number): void {
  if (bytes <= mostBytes) return;
  throw new Error(`is larger than ${inWords(mostBytes)}`);
}

/** Does not rely on the size: it is 0 for files of /proc, and others grow. */
function readUpTo(file: number, size: number, mostBytes: number): Buffer {
  let bytes = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const read = readSync(file, bytes, length, bytes.length - length, null);
    if (read === 0) return bytes.subarray(0, length);
    length += read;
    requireAtMost(length, mostBytes);
    if (length === bytes.length) bytes = Buffer.concat([bytes], Math.max(2 * length, 64 * KB));
  }
}

function inWords(bytes: number): string {
  if (bytes < KB * KB) return `${Math.round(bytes / KB)} kB`;
  return `${Math.round(bytes / KB / KB)} MB`;
}

/** A bundle of all public certificate authorities has a quarter of it. */
const MOST_SECRET_BYTES = 1024 * 1024;

/**
 * The secret in a file of its own, e.g. a password or a key, without the line end that editors add. Throws like `readWhole`,
 * and when the file is empty; `whyUnread` describes the error.
 */
export function readSecret(path: string): string {
  const text = readWhole(path, MOST_SECRET_BYTES)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (text === '') throw new Error('is empty');
  return text;
}
