// Tasks and results of evaluations: plain data for threads and job queues.
import type { Series } from '../../core/series.ts';
import type { NetworkDesign } from '../../models/network-family.ts';
import type { LabelledSeries } from '../series/labelled-series.ts';

/**
 * Data to train and judge a network on. These judgements choose the network, so results must be reported on other data.
 */
export type CandidateData =
  | { readonly kind: 'labelled'; readonly series: LabelledSeries }
  | { readonly kind: 'recording'; readonly series: Series; readonly intervalMs: number };

export interface CandidateTask {
  readonly design: NetworkDesign;
  /** Options of the detector of its family except `point`; missing ones have their defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly data: CandidateData;
  /** One training each. */
  readonly seeds: readonly number[];
}

/** One completed training. */
export interface TrainedOutcome {
  readonly seed: number;
  /** The objective, 0 to 1: `vusPr` with labelled anomalies, the mean of it and `forecastFit` with planted ones. */
  readonly value: number;
  readonly vusPr: number;
  /** 1 / (1 + NMSE) of the forecast on the rows that are judged, before anomalies are planted; absent where labelled. */
  readonly forecastFit?: number;
  /** Of the newest tenth of the rows that were fitted. */
  readonly loss: number;
  /** CPU seconds of the training, also if the outcome comes from the cache. */
  readonly trainS: number;
  readonly usPerRow: number;
}

/** A failed training, e.g. because it diverged. */
export interface FailedOutcome {
  readonly seed: number;
  readonly failure: string;
}

export type SeedOutcome = TrainedOutcome | FailedOutcome;

export interface CandidateResult {
  /** One for each seed, in order; empty if a training failed: such a network is not reliable. */
  readonly values: readonly number[];
  /** In the order of the seeds, up to the first failure. */
  readonly outcomes: readonly SeedOutcome[];
  /** Multiplications of one forecast, the head included. */
  readonly macs: number;
  /** Weights, the head included. */
  readonly parameters: number;
}
