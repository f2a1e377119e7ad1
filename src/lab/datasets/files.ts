// Files and folders of data sets: plain or gzip, found by name, with errors that name them.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SourceError } from '../../core/errors.ts';

const TABLE = /\.(csv|txt)(\.gz)?$/;

/** The text of a file, unpacked when its name ends in .gz. Throws `SourceError`. */
export function readText(path: string): string {
  try {
    const bytes = readFileSync(path);
    return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SourceError(`${path} cannot be read: ${reason}`, { code: 'SEN_SRC_DATASET', cause });
  }
}

/** `folder/stem` with the first ending of .csv, .txt, .csv.gz, .txt.gz that exists; undefined if none. */
export function findTable(folder: string, stem: string): string | undefined {
  return ['.csv', '.csv.gz', '.txt', '.txt.gz']
    .map((ending) => join(folder, stem + ending))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/** As `findTable`, but absence is a `SourceError`. */
export function requireTable(folder: string, stem: string): string {
  const path = findTable(folder, stem);
  if (path) return path;
  throw new SourceError(
    `${join(folder, stem)}.csv (or .csv.gz, .txt) is missing: fetch the data set again`,
    { code: 'SEN_SRC_DATASET' },
  );
}

/** Names of the tables in a folder without their endings, sorted by number where they have one; [] without the folder. */
export function tableStems(folder: string): readonly string[] {
  return entries(folder)
    .filter((entry) => entry.isFile() && TABLE.test(entry.name))
    .map((entry) => entry.name.replace(TABLE, ''))
    .sort(byNumber);
}

/** Names of the sub-folders, sorted; [] without the folder. */
export function subfolders(folder: string): readonly string[] {
  return entries(folder)
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort(byNumber);
}

/** Name of the data set: the last part of its path. */
export function nameOf(folder: string): string {
  return basename(folder.replace(/\/+$/, ''));
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // No such folder: the same as an empty one; the caller reports what is missing.
    return [];
  }
}
