// Where public data sets lie, for tests that need them. They are not part of the repository: absent = skipped by name.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';

const root =
  process.env['SENTIGON_DATASETS'] ?? new URL('../../shared/datasets', import.meta.url).pathname;

/** A `describe` that runs with the folder's path where the data set is present, and is skipped by name elsewhere. */
export function describeWithData(name: string, folder: string, body: (path: string) => void): void {
  const path = join(root, folder);
  if (existsSync(path)) describe(name, () => body(path));
  else
    describe.skip(`${name} (needs the data set ${folder}: run scripts/fetch-datasets)`, () =>
      body(path));
}
