// One training of one network, judged.
import type { Score } from '../../core/detector.ts';
import { CalibrationError, DeviceError } from '../../core/errors.ts';
import { lookUp } from '../../core/registry.ts';
import type { Series } from '../../core/series.ts';
import type { Window } from '../../core/window.ts';
import { detectors } from '../../detectors/index.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { Model } from '../../models/model.ts';
import { vus } from '../evaluation/metrics.ts';
import { type JudgeContext, perform } from '../judging/judge.ts';
import type { LabelledSeries } from '../series/labelled-series.ts';
import { scoreSeries } from '../series/score-series.ts';
import type { SeedOutcome } from './contract.ts';

/** Rows on which a network is judged; if anomalies were planted, `clean` are the same rows without them. */
export interface Judged {
  readonly labelled: LabelledSeries;
  readonly clean?: Series;
}

/** A detector and the options of its training. */
interface Trained {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** An error of this network is returned as a failure; an error that every network would have is thrown. */
export async function outcomeOf(
  judged: Judged,
  trained: Trained,
  context: JudgeContext,
): Promise<SeedOutcome> {
  try {
    return await judge(judged, trained, context);
  } catch (error) {
    if (error instanceof CalibrationError || error instanceof DeviceError) {
      return { seed: context.seed, failure: error.message };
    }
    throw error;
  }
}

async function judge(
  { labelled, clean }: Judged,
  { kind, options }: Trained,
  context: JudgeContext,
): Promise<SeedOutcome> {
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

/** Forecast fit of the model on these rows, see `ForecastFit`; `warmUp` are the rows before them. */
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

/**
 * Fit of a forecast to the rows that followed, 1 / (1 + NMSE): 1 is exact, 1/2 is as good as the mean of each channel.
 * NMSE = sum of squared errors over sum of squared deviations, all channels together, in units of the scaler.
 */
class ForecastFit {
  #errors = 0;
  #squares: Float64Array;
  #sums: Float64Array;
  #rows = 0;

  constructor(width: number) {
    this.#squares = new Float64Array(width);
    this.#sums = new Float64Array(width);
  }

  /** Takes the newest row of the window, and what the detector expected it to be. */
  note({ values, width }: Pick<Window, 'values' | 'width'>, { expected }: Score): void {
    if (!expected) throw new RangeError('this detector forecasts no rows');
    const newest = values.length - width;
    for (let c = 0; c < width; c++) {
      const value = values[newest + c] as number;
      this.#errors += (value - (expected[c] as number)) ** 2;
      this.#squares[c] = (this.#squares[c] as number) + value ** 2;
      this.#sums[c] = (this.#sums[c] as number) + value;
    }
    this.#rows++;
  }

  /** 0 without rows, and if the rows are constant but the forecast is not. */
  value(): number {
    let deviations = 0;
    this.#squares.forEach((square, c) => {
      deviations += square - (this.#sums[c] as number) ** 2 / Math.max(1, this.#rows);
    });
    const total = this.#errors + deviations;
    return total > 0 ? deviations / total : Number(this.#rows > 0);
  }
}
