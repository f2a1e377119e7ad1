// A file that grows.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DeviceError } from '../../../core/errors.ts';

/** Bytes. Throws `DeviceError` where the file cannot be read. */
export function fileSize(path: string): number {
  return opened(path, (file) => fstatSync(file).size);
}

/** Lines that end behind so many bytes; what has no end yet is not among them. Throws `DeviceError` likewise. */
export function linesFrom(path: string, offset: number): readonly string[] {
  const bytes = opened(path, (file) => {
    const buffer = Buffer.alloc(Math.max(0, fstatSync(file).size - offset));
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, offset));
  });
  return bytes.toString('utf8').split(/\r?\n/).slice(0, -1);
}

function opened<T>(path: string, use: (file: number) => T): T {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw new DeviceError(
      `the log of the meter, ${path}, cannot be read: let its program write it`,
      {
        cause,
      },
    );
  }
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}
