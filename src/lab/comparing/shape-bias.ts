// Whether a detector follows the slow part of the data or the fast one, by windows in which they contradict each other.
import type { Detector } from '../../core/detector.ts';
import { rowsBetween } from '../../core/series.ts';
import type { Random } from '../../engine/random.ts';
import type { Model } from '../../models/model.ts';
import { conflict } from '../evaluation/consistency/stimuli.ts';
import { trialLevel } from '../evaluation/consistency/trials.ts';
import type { LabelledSeries } from '../series/labelled-series.ts';
import { scoreSeries } from '../series/score-series.ts';
import { segmentsOf } from '../series/segments.ts';

/** Rows of a stimulus: long enough for a slow and a fast part, short enough to be one event. */
const ROWS = 32;
const FALSE_RATE = 0.05;
/** Least accuracy on controls; below it the stimuli are not meaningful. */
const VALID = 0.9;

export interface ShapeBias {
  /** Share of contradictory trials answered by the slow part, 0 to 1; .5 = no preference. */
  readonly bias: number;
  readonly trials: number;
  /** Share of unmixed controls answered right: anomalous with its own fast part, normal with its own. */
  readonly anomalousControls: number;
  readonly normalControls: number;
  readonly valid: boolean;
}

/** Counts that add up over series. */
export interface ShapeAnswers {
  readonly trials: number;
  readonly shape: number;
  readonly anomalousRight: number;
  readonly normalRight: number;
}

/**
 * One pair of contradictory stimuli for each labelled segment: its slow part with the fast part of a normal stretch,
 * and the other way round. Undefined without a level, segments, or room.
 */
export function shapeAnswers(
  { test, labels }: LabelledSeries,
  detector: Detector,
  model: Model,
  random: Random,
): ShapeAnswers | undefined {
  const level = trialLevel(model.calibration, ROWS, FALSE_RATE);
  const quiet = quietStarts(labels, model.windowLength - 1);
  if (level === undefined || quiet.length === 0) return undefined;
  const width = test.channels.length;
  const stretch = (start: number): Float64Array =>
    test.values.subarray(start * width, (start + ROWS) * width);
  const rings = (start: number, values: Float64Array): boolean => {
    const context = rowsBetween(test, start - model.windowLength + 1, start);
    const stimulus = { ...rowsBetween(test, start, start + ROWS), values };
    const { scores } = scoreSeries(stimulus, { detector, model, warmUp: context });
    return scores.some((score) => score > level);
  };
  const counts = { trials: 0, shape: 0, anomalousRight: 0, normalRight: 0 };
  for (const { start, end } of segmentsOf(labels)) {
    const from = Math.floor((start + end - ROWS) / 2);
    if (from < 0 || from + ROWS > labels.length) continue;
    const place = quiet[random.integer(quiet.length)] as number;
    const [odd, usual] = [stretch(from), stretch(place)];
    const mixed = (shape: Float64Array, texture: Float64Array): boolean =>
      rings(place, conflict(shape, texture, width, random));
    counts.trials += 2;
    counts.shape += Number(mixed(odd, usual)) + Number(!mixed(usual, odd));
    counts.anomalousRight += Number(mixed(odd, odd));
    counts.normalRight += Number(!mixed(usual, usual));
  }
  return counts.trials > 0 ? counts : undefined;
}

/** Undefined when no series gave an answer. */
export function shapeBias(answers: readonly ShapeAnswers[]): ShapeBias | undefined {
  const sum = (field: keyof ShapeAnswers): number =>
    answers.reduce((total, answer) => total + answer[field], 0);
  const trials = sum('trials');
  if (trials === 0) return undefined;
  const anomalousControls = sum('anomalousRight') / (trials / 2);
  const normalControls = sum('normalRight') / (trials / 2);
  return {
    bias: sum('shape') / trials,
    trials,
    anomalousControls,
    normalControls,
    valid: Math.min(anomalousControls, normalControls) > VALID,
  };
}

/** Rows at which an unlabelled stretch starts, with an unlabelled context before it. */
function quietStarts(labels: Uint8Array, context: number): readonly number[] {
  const starts: number[] = [];
  let quiet = 0;
  labels.forEach((label, row) => {
    quiet = label === 0 ? quiet + 1 : 0;
    if (quiet >= ROWS + context) starts.push(row - ROWS + 1);
  });
  return starts;
}
