// Where data sets and recordings lie, by name: in a folder of data sets, or in the package.
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecording, recording } from '../../lab/datasets/recording.ts';
import type { LabelledSeries } from '../../lab/series/labelled-series.ts';
import { type Environment, readEnvironment } from '../config/environment.ts';

/** The recordings that come with the package, beside both `src` and `dist`. */
export const PACKAGED = fileURLToPath(new URL('../../../datasets', import.meta.url));

/** `host-faults` becomes `datasets/host-faults/test.csv.gz`; what is no such folder stays as it is. */
export function recordingPath(
  name: string,
  part: 'train' | 'test',
  { datasets }: Pick<Environment, 'datasets'>,
): string {
  const folders = [
    name,
    join(PACKAGED, name),
    ...(datasets === undefined ? [] : [join(datasets, name)]),
  ];
  const files = folders
    .filter(isFolder)
    .flatMap((folder) => [join(folder, `${part}.csv.gz`), join(folder, `${part}.csv`)]);
  return files.find((file) => existsSync(file)) ?? name;
}

/** The recording with what it is known to hold, where it is the test part of a data set of ours; else undefined. */
export function labelledRecording(path: string): LabelledSeries | undefined {
  const folder = dirname(path);
  if (!/^test\.csv(\.gz)?$/.test(basename(path)) || !isRecording(folder)) return undefined;
  return recording.read(folder, basename(folder));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

export const DATA_ROOT_HELP =
  'folder of data sets (default: SENTIGON_DATASETS, else ../shared/datasets)';

/** Where data sets are looked for by name, in this order. */
export function dataRoots(asked: string | undefined): readonly [string, string] {
  return [asked ?? readEnvironment().datasets ?? '../shared/datasets', PACKAGED];
}
