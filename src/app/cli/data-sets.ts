// Data sets and recordings: where they lie by name, in a folder of data sets or in the package, and how commands read them.
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Series } from '../../core/series.ts';
import { readSeries } from '../../io/csv/series-file.ts';
import { createFaultCounter } from '../../io/timing/fault-counter.ts';
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

interface ReadOptions {
  readonly ignore?: readonly string[];
  readonly skipBadRows?: true;
}

/** To train or calibrate with. What is left out, and what is odd about a row, goes to standard error. */
export async function readRecording(
  path: string,
  { ignore = [], skipBadRows }: ReadOptions,
): Promise<Series> {
  const faults = createFaultCounter((line) => void process.stderr.write(`sentigon: ${line}\n`));
  const onBadRow = skipBadRows ? 'skip' : 'fail';
  const series = await readSeries(path, { ignoreColumns: [...ignore], onBadRow }, faults.count);
  faults.finish(path);
  return series;
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
