// Runs on disk, packed: a series of a day at 1 Hz is about a megabyte.
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { SourceError } from '../../core/errors.ts';
import { faultTexts } from '../../core/issue-words.ts';
import { LONGEST_TEXT_BYTES, readWhole, whyUnread } from '../../io/files/whole-file.ts';
import { makeFolder, writeWhole } from '../../io/files/written-file.ts';
import type { RunRecord } from '../../lab/judging/run-record.ts';

/** Returns the file's path: <data set>_<series>_<detector>_<seed>.json.gz */
export function writeRun(folder: string, run: RunRecord): string {
  const { dataset, series, detector, seed } = run.result;
  const name = [dataset, series, detector, seed].join('_').replace(/[^\w.=-]+/g, '-');
  const path = join(folder, `${name}.json.gz`);
  makeFolder(folder);
  writeWhole(path, gzipSync(JSON.stringify(run)));
  return path;
}

const number = z.number();

/** The parts that are drawn. What is no number is null in JSON. */
const runSchema = z.looseObject({
  result: z.looseObject({
    ...{ dataset: z.string(), series: z.string(), detector: z.string(), seed: number },
  }),
  timeMs: z.array(number).min(1),
  scores: z.array(number.nullable()).min(1),
  levels: z.array(number.nullable()),
  segments: z.array(z.looseObject({ start: number, end: number, kind: z.string().optional() })),
  alerts: z.array(
    z.looseObject({
      ...{ startMs: number, endMs: number.nullable(), peak: number },
      channels: z.array(z.looseObject({ id: z.string(), share: number })),
    }),
  ),
  curves: z.array(
    z.looseObject({
      channel: z.looseObject({ id: z.string(), unit: z.string() }),
      share: number,
      values: z.array(number.nullable()),
    }),
  ),
});

/** Throws `SourceError` for a file that is missing, cut short or something else. */
export function readRun(path: string): RunRecord {
  const json = parsedJson(path, textOf(path));
  const parsed = runSchema.safeParse(json);
  const [fault] = parsed.error ? faultTexts(parsed.error, json, { whole: 'the file' }) : [];
  if (fault) throw noRun(path, fault);
  const run = parsed.data as unknown as RunRecord; // our own format, whose parts that are drawn were checked
  if (run.scores.length === run.timeMs.length) return run;
  throw noRun(path, `${run.scores.length} scores of ${run.timeMs.length} rows`);
}

function textOf(path: string): string {
  const bytes = readBytes(path);
  if (!path.endsWith('.gz')) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength: LONGEST_TEXT_BYTES }).toString('utf8');
  } catch (cause) {
    throw noRun(path, 'it cannot be unpacked as gzip', cause);
  }
}

function readBytes(path: string): Buffer {
  try {
    return readWhole(path, LONGEST_TEXT_BYTES);
  } catch (cause) {
    throw noRun(path, `it ${whyUnread(cause)}`, cause);
  }
}

function parsedJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw noRun(path, 'it is no JSON', cause);
  }
}

function noRun(path: string, why: string, cause?: unknown): SourceError {
  return new SourceError(
    `${path} holds no run (${why}): name a file of sentigon evaluate --runs DIR, or of sentigon simulate --out FILE`,
    { code: 'SEN_SRC_RESULTS', cause },
  );
}
