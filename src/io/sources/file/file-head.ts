import { open } from 'node:fs/promises';

/** More than any reading; keeps a path to something huge from filling the memory. */
const LONGEST = 1 << 16;

/** The beginning of a file, read in as few calls as it takes: each one may be a measurement. Throws as `open` does. */
export async function fileHead(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(LONGEST);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, LONGEST - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length === LONGEST) return buffer.toString('utf8', 0, length);
    }
  } finally {
    await file.close();
  }
}

const GONE = new Set(['ENOENT', 'ENODEV', 'ENXIO', 'ENOTDIR']);

/** Whether a file is not there, in contrast to one that cannot be read just now. */
export function isGone(error: unknown): boolean {
  return GONE.has(String((error as NodeJS.ErrnoException).code));
}
