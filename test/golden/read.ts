import { readFileSync } from 'node:fs';

/** A golden file of this folder, as its test declares it. */
export function golden<T>(name: string): T {
  // The files are ours; their shape is what the script named inside writes.
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T;
}
