// The rows that any trainer learns from: on the grid, with counters as rates.
import type { Series } from '../../core/series.ts';
import { findCounters } from '../../detection/windows/find-counters.ts';
import { type GriddedSeries, gridded } from '../../detection/windows/gridded.ts';
import type { Model } from '../../models/model.ts';
import type { TrainingContext } from './trainer.ts';

export interface TrainingGrid {
  readonly grid: GriddedSeries;
  /** What the model says of its counters; nothing where there are none. */
  readonly watched: Pick<Model, 'rates'>;
}

/** Throws `ConfigError` when the context names a counter that is no channel. */
export function trainingGrid(
  series: Series,
  { intervalMs, counters }: Pick<TrainingContext, 'intervalMs' | 'counters'>,
): TrainingGrid {
  const rates = findCounters(series, intervalMs, counters);
  return {
    grid: gridded(series, intervalMs, { rates }),
    watched: rates.length === 0 ? {} : { rates },
  };
}
