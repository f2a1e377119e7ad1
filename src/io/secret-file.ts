import { readFileSync } from 'node:fs';

/** The secret in a file, without the line end that editors put there. Throws what the file system throws. */
export function readSecret(path: string): string {
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
}
