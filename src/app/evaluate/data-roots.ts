import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../config/environment.ts';

export const DATA_ROOT_HELP =
  'folder of data sets (default: SENTIGON_DATASETS, else ../shared/datasets)';

/** The recordings that come with the package, beside both `src` and `dist`. */
const PACKAGED = fileURLToPath(new URL('../../../datasets', import.meta.url));

/** Where data sets are looked for by name, in this order. */
export function dataRoots(asked: string | undefined): readonly [string, string] {
  return [asked ?? readEnvironment().datasets ?? '../shared/datasets', PACKAGED];
}
