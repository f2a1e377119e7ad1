// A detector as an observer of trials: what it answered, whether it was right, and which kind of anomaly it looked like.
import { trialLevel, trialScores, trialsOf } from '../evaluation/consistency/trials.ts';
import type { Performance } from '../judging/judge.ts';
import type { LabelledSegment, LabelledSeries } from '../series/labelled-series.ts';

/** Kind of trials without any labelled row. */
export const NORMAL = 'normal';

export interface Trial {
  /** Kind of the anomaly it touches, or `normal`. */
  readonly kind: string;
  /** Which segment of which series, or undefined for `normal`. */
  readonly segment: string | undefined;
}

export interface Observation {
  /** (n,) 1 = alarm. */
  readonly rang: Uint8Array;
  /** (n, C) share of each channel in the trial, sums to 1 or 0. */
  readonly signatures: readonly Float64Array[];
}

export interface TrialSettings {
  /** Rows of a trial. */
  readonly size: number;
  /** Share of normal trials that may raise an alarm, the same for every observer. */
  readonly falseRate: number;
}

/** The trials of a series, in order of time. */
export function trialsIn({ id, labels, segments }: LabelledSeries, size: number): readonly Trial[] {
  return Array.from(trialsOf(labels, size), (marked, trial) => {
    if (!marked) return { kind: NORMAL, segment: undefined };
    const [from, to] = [trial * size, (trial + 1) * size];
    const index = segments.findIndex(({ start, end }) => start < to && end > from);
    const segment = segments[index];
    return { kind: segment ? kindOf(segment) : 'anomaly', segment: `${id}#${index}` };
  });
}

/** Undefined if there are too few normal scores to set a level. */
export function observe(
  { scores, perChannel, model }: Performance,
  { size, falseRate }: TrialSettings,
): Observation | undefined {
  const level = model && trialLevel(model.calibration, size, falseRate);
  if (level === undefined) return undefined;
  const trials = trialScores(scores, size);
  const width = perChannel.length / scores.length;
  return {
    rang: Uint8Array.from(trials, (score) => (score > level ? 1 : 0)),
    signatures: Array.from(trials, (_, trial) =>
      signatureOf(perChannel.subarray(trial * size * width, (trial + 1) * size * width), width),
    ),
  };
}

/** (n,) 1 = alarm on an anomaly, or no alarm on a normal trial. */
export function rightAnswers(trials: readonly Trial[], rang: Uint8Array): Uint8Array {
  return rang.map((answer, trial) => Number((answer !== 0) === (trials[trial]?.kind !== NORMAL)));
}

/**
 * (K, K) true kind against answered kind. No alarm answers `normal`; an alarm answers the kind whose other segments have the
 * most similar channel shares (nearest mean signature), without the trial's own segment.
 */
export function confusionOf(
  trials: readonly Trial[],
  { rang, signatures }: Observation,
  kinds: readonly string[],
): readonly (readonly number[])[] {
  const anomalies = kinds.filter((kind) => kind !== NORMAL);
  const matrix = kinds.map(() => kinds.map(() => 0));
  trials.forEach(({ kind, segment }, index) => {
    const answer = rang[index] === 0 ? NORMAL : likest(index, segment);
    const row = matrix[kinds.indexOf(kind)];
    const column = kinds.indexOf(answer);
    if (row) row[column] = (row[column] ?? 0) + 1;
  });
  return matrix;

  function likest(index: number, own: string | undefined): string {
    const distances = anomalies.map((kind) => {
      const others = trials.flatMap((trial, other) =>
        trial.kind === kind && (trial.segment !== own || own === undefined)
          ? [signatures[other] ?? []]
          : [],
      );
      return distanceToMean(signatures[index] ?? [], others);
    });
    return anomalies[distances.indexOf(Math.min(...distances))] ?? NORMAL;
  }
}

/** The kind of the data set, else by length: a spike, a burst or a long stretch. */
function kindOf({ kind, start, end }: LabelledSegment): string {
  return kind ?? (end - start <= 3 ? 'spike' : end - start <= 30 ? 'burst' : 'long');
}

function signatureOf(cells: Float32Array, width: number): Float64Array {
  const shares = new Float64Array(width);
  cells.forEach((cell, i) => {
    shares[i % width] = (shares[i % width] as number) + cell;
  });
  const total = shares.reduce((sum, share) => sum + share, 0);
  return total > 0 ? shares.map((share) => share / total) : shares;
}

/** Infinite without other segments. */
function distanceToMean(
  signature: ArrayLike<number>,
  others: readonly ArrayLike<number>[],
): number {
  if (others.length === 0) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let c = 0; c < signature.length; c++) {
    const mean = others.reduce((total, other) => total + (other[c] ?? 0), 0) / others.length;
    sum += Math.abs((signature[c] ?? 0) - mean);
  }
  return sum;
}
