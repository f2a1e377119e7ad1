// Files of their own for what nobody else should read: passwords, keys, and the certificates that stand beside these.
import { readWhole } from './whole-file.ts';

/** A bundle of all public authorities is a quarter of that. */
const MOST_BYTES = 1024 * 1024;

/**
 * The secret in a file, without the line end that editors put there. Throws when there is none, or no file that
 * `readWhole` reads; `whyUnread` says so in words.
 */
export function readSecret(path: string): string {
  const text = readWhole(path, MOST_BYTES)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (text === '') throw new Error('is empty');
  return text;
}
