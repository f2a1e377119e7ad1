// Files that are read whole by name: never one that has no end, that blocks, or that is larger than what it should hold.
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
 * The bytes of a regular file, links followed. Throws what the file system throws, and an error without a `code` for a
 * folder, a pipe or a device, which is not opened, and for more than `mostBytes`. `whyUnread` says each in words.
 */
export function readWhole(path: string, mostBytes: number): Buffer {
  const { size } = requireReadable(path, mostBytes);
  // should a pipe take its place meanwhile, this does not wait for somebody to write into it
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return readUpTo(file, size, mostBytes);
  } finally {
    closeSync(file);
  }
}

/** Throws as `readWhole`, and reads nothing. */
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

/** What is wrong with a file that `readWhole` refused, as the rest of a sentence that begins with its name, which is not repeated. */
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

/** The size is not believed: files of /proc say 0, and others grow. */
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
