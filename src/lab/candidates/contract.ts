// What an evaluation of a network is given and what it gives: plain data that threads and job queues can carry.
import type { Series } from '../../core/series.ts';
import type { DesignPoint } from '../../models/design-point.ts';
import type { LabelledSeries } from '../series/labelled-series.ts';

/**
 * What a network is trained and judged on. What is judged here decides which network is chosen, so it must not be what
 * results are reported on later.
 */
export type CandidateData =
  | { readonly kind: 'labelled'; readonly series: LabelledSeries }
  | { readonly kind: 'recording'; readonly series: Series; readonly intervalMs: number };

export interface CandidateTask {
  readonly design: DesignPoint;
  /** Options of the forecaster, but for `point`; missing ones take their defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly data: CandidateData;
  /** One training each. */
  readonly seeds: readonly number[];
}

/** One training that came to its end. */
export interface TrainedOutcome {
  readonly seed: number;
  /** What is sought, 0 to 1: `vusPr` where anomalies are labelled, its mean with `forecastFit` where they are planted. */
  readonly value: number;
  readonly vusPr: number;
  /** 1 / (1 + NMSE) of the forecast on the rows that are judged, before anomalies are planted; absent where labelled. */
  readonly forecastFit?: number;
  /** Of the newest tenth of the rows that were fitted. */
  readonly loss: number;
  /** Seconds of a processor, as they were when it was really trained. */
  readonly trainS: number;
  readonly usPerRow: number;
}

/** One that did not, e.g. because it diverged. */
export interface FailedOutcome {
  readonly seed: number;
  readonly failure: string;
}

export type SeedOutcome = TrainedOutcome | FailedOutcome;

export interface CandidateResult {
  /** One for each seed, in their order; none where a training failed: such a network is not to be relied on. */
  readonly values: readonly number[];
  /** In the order of the seeds, up to the first failure. */
  readonly outcomes: readonly SeedOutcome[];
  /** Multiplications of one forecast, the head included. */
  readonly macs: number;
  /** Weights, the head included. */
  readonly parameters: number;
}
