// Runs on disk, packed: a series of a day at 1 Hz is about a megabyte.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { SourceError } from '../../core/errors.ts';
import { LONGEST_TEXT_BYTES, readWhole } from '../../io/files/whole-file.ts';
import type { RunRecord } from '../../lab/judging/run-record.ts';

/** Returns the file's path: <data set>_<series>_<detector>_<seed>.json.gz */
export function writeRun(folder: string, run: RunRecord): string {
  const { dataset, series, detector, seed } = run.result;
  const name = [dataset, series, detector, seed].join('_').replace(/[^\w.=-]+/g, '-');
  const path = join(folder, `${name}.json.gz`);
  mkdirSync(folder, { recursive: true });
  // Under another name first, so that the file is always complete.
  writeFileSync(`${path}.part`, gzipSync(JSON.stringify(run)));
  renameSync(`${path}.part`, path);
  return path;
}

/** Throws `SourceError` for a file that is missing, cut short or something else. */
export function readRun(path: string): RunRecord {
  try {
    const bytes = readWhole(path, LONGEST_TEXT_BYTES);
    const text = (
      path.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: LONGEST_TEXT_BYTES }) : bytes
    ).toString('utf8');
    const run = JSON.parse(text) as RunRecord;
    if (run.scores.length > 0 && run.scores.length === run.timeMs.length) return run;
    throw new TypeError('no scores');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SourceError(
      `${path} holds no run (${reason}): create one with sentigon evaluate --runs DIR`,
      { code: 'SEN_SRC_RESULTS', cause },
    );
  }
}
