// The NAB score: detections inside a window are rewarded, early ones more; detections outside cost, distant ones more.
//
// Notation   A = {tp, fn, fp} weights of a profile, W rows of a window, r its last row, y position, sigma reward
import type { Segment } from '../series/segments.ts';
import { requireNumbers } from './validate.ts';

export interface NabProfile {
  readonly tp: number;
  readonly fn: number;
  readonly fp: number;
}

/** Weights of NAB's config/profiles.json. */
export const NAB_PROFILES = {
  standard: { tp: 1, fn: 1, fp: 0.11 },
  lowFalsePositives: { tp: 1, fn: 1, fp: 0.22 },
  lowFalseNegatives: { tp: 1, fn: 2, fp: 0.11 },
} as const satisfies Record<string, NabProfile>;

/** One file of a corpus. */
export interface NabFile {
  /** Anomaly windows in rows, in order, without overlap. */
  readonly windows: readonly Segment[];
  /** (n,) */
  readonly scores: Float64Array;
  /** First rows that do not count; default: those of the official scorer, min(15 %, 750) of the rows. */
  readonly probation?: number;
}

/**
 * Raw score of one file when rows at or above `level` are detections; those of the probation do not count. Throws
 * `ShapeError` for NaN scores. Lavin and Ahmad 2015, "Evaluating real-time anomaly detection algorithms: the Numenta
 * anomaly benchmark".
 */
export function nabRaw(file: NabFile, level: number, profile: NabProfile): number {
  return total(
    contributionsOf(file, profile).filter(({ score }) => score >= level),
    file,
    profile,
  );
}

/** 100 for perfect detection, 0 for none, over all files at one level. Undefined without any window. */
export function nabScore(
  files: readonly NabFile[],
  level: number,
  profile: NabProfile,
): number | undefined {
  const raw = files.reduce((sum, file) => sum + nabRaw(file, level, profile), 0);
  return normalised(raw, files, profile);
}

/** The best score any single level for all files gives, chosen by the labels; what the scoreboard shows. O(n log n). */
export function nabOracle(files: readonly NabFile[], profile: NabProfile): number | undefined {
  const rows = files.flatMap((file, fileIndex) =>
    contributionsOf(file, profile).map((row) => ({ ...row, key: `${fileIndex}:${row.window}` })),
  );
  rows.sort((a, b) => b.score - a.score);
  const earned = new Map<string, number>();
  let raw = files.reduce((sum, file) => sum + total([], file, profile), 0);
  let best = raw;
  rows.forEach(({ window, key, value, score }, i) => {
    if (window === undefined) raw += value;
    else {
      const before = earned.get(key) ?? -profile.fn;
      earned.set(key, Math.max(before, value));
      raw += Math.max(before, value) - before;
    }
    if (rows[i + 1]?.score !== score) best = Math.max(best, raw);
  });
  return normalised(best, files, profile);
}

interface Contribution {
  readonly score: number;
  /** Index of the window the row lies in. */
  readonly window: number | undefined;
  /** Value of a detection in this row. */
  readonly value: number;
}

/** Value of a detection in each row after probation. */
function contributionsOf(file: NabFile, profile: NabProfile): Contribution[] {
  const { windows, scores } = file;
  requireNumbers(scores);
  const probation = file.probation ?? Math.min(Math.floor(0.15 * scores.length), 750);
  const rows: Contribution[] = [];
  let passed = -1;
  for (let row = 0; row < scores.length; row++) {
    while ((windows[passed + 1]?.start ?? Infinity) <= row) passed++;
    if (row < probation) continue;
    const score = scores[row] as number;
    const last = windows[passed];
    if (last && row < last.end)
      rows.push({ score, window: passed, value: reward(row, last, profile) });
    else rows.push({ score, window: undefined, value: cost(row, last, profile) });
  }
  return rows;
}

function reward(row: number, { start, end }: Segment, { tp }: NabProfile): number {
  return (sigma(-(end - row) / (end - start)) / sigma(-1)) * tp;
}

function cost(row: number, last: Segment | undefined, { fp }: NabProfile): number {
  if (!last) return -fp;
  return fp * sigma((row - (last.end - 1)) / (last.end - last.start - 1));
}

/** Sum of costs, plus for each window its best detection or the price of missing it. */
function total(
  detections: readonly Contribution[],
  { windows }: NabFile,
  { fn }: NabProfile,
): number {
  const best = new Float64Array(windows.length).fill(-fn);
  let sum = 0;
  for (const { window, value } of detections) {
    if (window === undefined) sum += value;
    else best[window] = Math.max(best[window] as number, value);
  }
  return best.reduce((a, b) => a + b, sum);
}

function normalised(
  raw: number,
  files: readonly NabFile[],
  { tp, fn }: NabProfile,
): number | undefined {
  const windows = files.reduce((count, file) => count + file.windows.length, 0);
  return windows === 0 ? undefined : (100 * (raw + fn * windows)) / ((tp + fn) * windows);
}

/** 1 far before the end of a window, -1 far behind it. */
function sigma(y: number): number {
  return y > 3 ? -1 : 2 / (1 + Math.exp(5 * y)) - 1;
}
