// When a stream is trained again without being asked.
import type { RetrainOptions } from './retrain-options.ts';

export interface Situation {
  readonly nowMs: number;
  /** When a model was last trained, whatever became of it, Unix milliseconds. */
  readonly trainedMs: number;
  readonly drifted: boolean;
}

const HOUR_MS = 3_600_000;

/** A model that was trained after a drift and rejected is tried again when there are as many new rows as this, hours. */
const DRIFT_PAUSE_HOURS = 6;

/** What to train for now; undefined = nothing. */
export function dueFor(
  { everyHours, afterDrift }: Pick<RetrainOptions, 'everyHours' | 'afterDrift'>,
  { nowMs, trainedMs, drifted }: Situation,
): 'schedule' | 'drift' | undefined {
  const hours = (nowMs - trainedMs) / HOUR_MS;
  if (afterDrift && drifted && hours >= DRIFT_PAUSE_HOURS) return 'drift';
  return everyHours > 0 && hours >= everyHours ? 'schedule' : undefined;
}
