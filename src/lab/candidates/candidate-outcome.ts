// One training of one network, judged.

import type { Score } from '../../core/detector.ts';
import { CalibrationError, DeviceError } from '../../core/errors.ts';
import { lookUp } from '../../core/registry.ts';
import type { Series } from '../../core/series.ts';
import type { Window } from '../../core/window.ts';
import { forecaster } from '../../detectors/forecaster/train.ts';
import { detectors } from '../../detectors/index.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { Model } from '../../models/model.ts';
import { vus } from '../evaluation/metrics.ts';
import { type JudgeContext, perform } from '../judging/judge.ts';
import type { LabelledSeries } from '../series/labelled-series.ts';
import { scoreSeries } from '../series/score-series.ts';
import type { SeedOutcome } from './contract.ts';
import { ForecastFit } from './forecast-fit.ts';

/** What a network is judged on; `clean` are the same rows without anomalies, where these were planted. */
export interface Judged {
  readonly labelled: LabelledSeries;
  readonly clean?: Series;
}

/** What went wrong with this network is a failure; what would go wrong with any is thrown. */
export async function outcomeOf(
  judged: Judged,
  options: Readonly<Record<string, unknown>>,
  context: JudgeContext,
): Promise<SeedOutcome> {
  try {
    return await judge(judged, options, context);
  } catch (error) {
    if (error instanceof CalibrationError || error instanceof DeviceError) {
      return { seed: context.seed, failure: error.message };
    }
    throw error;
  }
}

async function judge(
  { labelled, clean }: Judged,
  options: Readonly<Record<string, unknown>>,
  context: JudgeContext,
): Promise<SeedOutcome> {
  const { kind } = forecaster;
  const contestant = { name: kind, kind, options, seeded: true, looksAhead: false };
  const { scores, model, trainS, usPerRow } = await perform(contestant, labelled, context);
  const vusPr = vus(labelled.labels, scores)?.pr;
  const loss = model?.card.finalLosses[0];
  if (!model || loss === undefined || trainS === undefined || usPerRow === undefined)
    throw new RangeError('nothing was trained');
  if (vusPr === undefined) throw new RangeError('nothing is labelled');
  const found = { seed: context.seed, vusPr, loss, trainS, usPerRow };
  if (!clean) return { ...found, value: vusPr };
  const forecastFit = forecastFitOn(clean, labelled.train, model, context.kernels);
  return { ...found, value: (vusPr + forecastFit) / 2, forecastFit };
}

/** How well the model tells these rows, as `ForecastFit`; `warmUp` comes before them. */
export function forecastFitOn(
  series: Series,
  warmUp: Series,
  model: Model,
  kernels: Kernels,
): number {
  const detector = lookUp(detectors, model.kind, 'detector').load(model, kernels);
  const fit = new ForecastFit(series.channels.length);
  const observe = (_: number, window: Window, score: Score) => fit.note(window, score);
  scoreSeries(series, { detector, model, warmUp, observe });
  return fit.value();
}
