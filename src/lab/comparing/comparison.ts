// Compares the errors of two detectors on all series of a data set.
import { lookUp } from '../../core/registry.ts';
import { detectors } from '../../detectors/index.ts';
import { createRandom, type Random } from '../../engine/random.ts';
import { type Divergence, divergence, errorsByCell } from '../evaluation/consistency/divergence.ts';
import { type Consistency, consistency } from '../evaluation/consistency/report.ts';
import type { Contestant } from '../judging/contestants.ts';
import { type JudgeContext, perform } from '../judging/judge.ts';
import type { LabelledSeries } from '../series/labelled-series.ts';
import {
  confusionOf,
  NORMAL,
  type Observation,
  observe,
  rightAnswers,
  type Trial,
  type TrialSettings,
  trialsIn,
} from './observer.ts';
import { type ShapeAnswers, type ShapeBias, shapeAnswers, shapeBias } from './shape-bias.ts';

export interface Comparison extends Consistency {
  /** Share of A's errors on which B is right, and the other way round. */
  readonly bMendsA: number | undefined;
  readonly aMendsB: number | undefined;
  readonly kinds: readonly string[];
  /** Over kinds of trials; undefined if either has fewer than 100 errors. */
  readonly byKind: Divergence | undefined;
  /** Over pairs of true and answered kind. */
  readonly byAnswer: Divergence | undefined;
  readonly shapeBias: { readonly a: ShapeBias | undefined; readonly b: ShapeBias | undefined };
  /** Series on which both could be observed, and those left out. */
  readonly series: readonly string[];
  readonly skipped: readonly string[];
}

/** A detector, trained and observed on one series. */
export interface ObservedSeries {
  readonly id: string;
  readonly trials: readonly Trial[];
  readonly answers: Observation;
  readonly shapes: ShapeAnswers | undefined;
}

/** Trains both on every series. Undefined when no series could be observed with both. */
export async function compareOn(
  all: Iterable<LabelledSeries>,
  [a, b]: readonly [Contestant, Contestant],
  settings: TrialSettings,
  context: JudgeContext,
): Promise<Comparison | undefined> {
  const [seenA, seenB]: [ObservedSeries[], ObservedSeries[]] = [[], []];
  const skipped: string[] = [];
  for (const truth of all) {
    const first = await observeSeries(truth, a, settings, context);
    const second = await observeSeries(truth, b, settings, context);
    if (first && second) {
      seenA.push(first);
      seenB.push(second);
    } else skipped.push(truth.id);
  }
  const found = compareObserved(seenA, seenB, createRandom(context.seed));
  return found && { ...found, skipped };
}

/** Undefined where the series has too few normal rows for a level. All detectors get the same contradictory windows. */
export async function observeSeries(
  truth: LabelledSeries,
  contestant: Contestant,
  settings: TrialSettings,
  context: JudgeContext,
): Promise<ObservedSeries | undefined> {
  const performance = await perform(contestant, truth, context);
  const answers = observe(performance, settings);
  const { model } = performance;
  if (!answers || !model) return undefined;
  const detector = lookUp(detectors, model.kind, 'detector').load(model, context.kernels);
  return {
    id: truth.id,
    trials: trialsIn(truth, settings.size),
    answers,
    shapes: shapeAnswers(truth, detector, model, createRandom(context.seed)),
  };
}

/** Over the series that both were observed on; undefined without any. */
export function compareObserved(
  allA: readonly ObservedSeries[],
  allB: readonly ObservedSeries[],
  random: Random,
): Comparison | undefined {
  const pairs = allA.flatMap((a) => {
    const b = allB.find(({ id }) => id === a.id);
    return b ? [{ a, b }] : [];
  });
  if (pairs.length === 0) return undefined;
  const trials = pairs.flatMap(({ a }) => a.trials);
  const a = together(pairs.map((pair) => pair.a.answers));
  const b = together(pairs.map((pair) => pair.b.answers));
  const rightA = rightAnswers(trials, a.rang);
  const rightB = rightAnswers(trials, b.rang);
  const labels = Uint8Array.from(trials, ({ kind }) => Number(kind !== NORMAL));
  const found = consistency(rightA, rightB, labels, random);
  const kinds = [
    NORMAL,
    ...new Set(trials.map(({ kind }) => kind).filter((kind) => kind !== NORMAL)),
  ];
  const [cmA, cmB] = [confusionOf(trials, a, kinds), confusionOf(trials, b, kinds)];
  const mended = (errors: number): number | undefined =>
    errors > 0 ? 1 - found.errorsShared / errors : undefined;
  const biasOf = (side: 'a' | 'b'): ShapeBias | undefined =>
    shapeBias(pairs.flatMap((pair) => pair[side].shapes ?? []));
  return {
    ...found,
    bMendsA: mended(found.errorsA),
    aMendsB: mended(found.errorsB),
    kinds,
    byKind: divergence(
      detectionErrors(trials, rightA, kinds),
      detectionErrors(trials, rightB, kinds),
      random,
    ),
    byAnswer: divergence(errorsByCell(cmA), errorsByCell(cmB), random),
    shapeBias: { a: biasOf('a'), b: biasOf('b') },
    series: pairs.map((pair) => pair.a.id),
    skipped: [],
  };
}

function together(parts: readonly Observation[]): Observation {
  return {
    rang: Uint8Array.from(parts.flatMap(({ rang }) => [...rang])),
    signatures: parts.flatMap(({ signatures }) => signatures),
  };
}

/** (K,) wrong answers of each kind, false alarms and misses. */
function detectionErrors(
  trials: readonly Trial[],
  right: Uint8Array,
  kinds: readonly string[],
): readonly number[] {
  return kinds.map(
    (kind) => trials.filter((trial, i) => trial.kind === kind && right[i] === 0).length,
  );
}
