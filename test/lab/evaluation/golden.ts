import { readFileSync } from 'node:fs';

/** A golden file of `test/golden`, as its test declares it. */
export function golden<T>(name: string): T {
  // The files are ours; their shape is what the script beside them writes.
  return JSON.parse(readFileSync(new URL(`../../golden/${name}`, import.meta.url), 'utf8')) as T;
}

export function labelsFrom(digits: string): Uint8Array {
  return Uint8Array.from(digits, Number);
}
