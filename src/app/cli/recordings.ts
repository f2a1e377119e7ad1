// Names of recordings: a file, or the part of a folder with train and test as our own data sets have them.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../config/environment.ts';

/** The recordings that come with the package, beside both `src` and `dist`. */
const OWN = fileURLToPath(new URL('../../../datasets', import.meta.url));

/** `host-faults` becomes `datasets/host-faults/test.csv.gz`; what is no such folder stays as it is. */
export function recordingPath(
  name: string,
  part: 'train' | 'test',
  { datasets }: Pick<Environment, 'datasets'>,
): string {
  const folders = [
    name,
    join(OWN, name),
    ...(datasets === undefined ? [] : [join(datasets, name)]),
  ];
  const files = folders
    .filter(isFolder)
    .flatMap((folder) => [join(folder, `${part}.csv.gz`), join(folder, `${part}.csv`)]);
  return files.find((file) => existsSync(file)) ?? name;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
