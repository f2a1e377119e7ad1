// Compares the errors of two contestants on all series of a data set.
import { lookUp } from '../../core/registry.ts';
import { detectors } from '../../detectors/index.ts';
import { createRandom, type Random } from '../../engine/random.ts';
import { type Divergence, divergence, errorsByCell } from '../evaluation/consistency/divergence.ts';
import { type Consistency, consistency } from '../evaluation/consistency/report.ts';
import type { Contestant } from '../judging/contestants.ts';
import { type JudgeContext, type Performance, perform } from '../judging/judge.ts';
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

interface Observed {
  readonly trials: readonly Trial[];
  readonly a: Observation;
  readonly b: Observation;
  readonly shapes: readonly [ShapeAnswers | undefined, ShapeAnswers | undefined];
}

/** Trains both on every series. Undefined when no series could be observed with both. */
export async function compareOn(
  all: Iterable<LabelledSeries>,
  [a, b]: readonly [Contestant, Contestant],
  settings: TrialSettings,
  context: JudgeContext,
): Promise<Comparison | undefined> {
  const random = createRandom(context.seed);
  const observed: Observed[] = [];
  const series: string[] = [];
  const skipped: string[] = [];
  for (const truth of all) {
    const found = await observeBoth(truth, [a, b], settings, context, random);
    (found ? series : skipped).push(truth.id);
    if (found) observed.push(found);
  }
  return observed.length > 0 ? { ...joined(observed, random), series, skipped } : undefined;
}

async function observeBoth(
  truth: LabelledSeries,
  [a, b]: readonly [Contestant, Contestant],
  settings: TrialSettings,
  context: JudgeContext,
  random: Random,
): Promise<Observed | undefined> {
  const first = await perform(a, truth, context);
  const second = await perform(b, truth, context);
  const [seenA, seenB] = [observe(first, settings), observe(second, settings)];
  if (!seenA || !seenB) return undefined;
  const shapes = (performance: Performance): ShapeAnswers | undefined => {
    const { model } = performance;
    if (!model) return undefined;
    const detector = lookUp(detectors, model.kind, 'detector').load(model, context.kernels);
    return shapeAnswers(truth, detector, model, random);
  };
  return {
    trials: trialsIn(truth, settings.size),
    a: seenA,
    b: seenB,
    shapes: [shapes(first), shapes(second)],
  };
}

function joined(
  observed: readonly Observed[],
  random: Random,
): Omit<Comparison, 'series' | 'skipped'> {
  const trials = observed.flatMap((one) => one.trials);
  const a = together(observed.map((one) => one.a));
  const b = together(observed.map((one) => one.b));
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
  const biasOf = (side: 0 | 1): ShapeBias | undefined =>
    shapeBias(observed.flatMap(({ shapes }) => shapes[side] ?? []));
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
    shapeBias: { a: biasOf(0), b: biasOf(1) },
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
