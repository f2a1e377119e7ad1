// When a stream is trained again automatically.
import type { RetrainOptions } from '../config/retrain-options.ts';
import type { ModelRecord } from '../models/manifest.ts';

export interface Situation {
  readonly nowMs: number;
  /** Time of the last training, successful or not, Unix milliseconds. */
  readonly trainedMs: number;
  readonly drifted: boolean;
  /** An alert was accepted as normal under the model that runs, by a person or after `acceptAfterMs`. */
  readonly accepted: boolean;
  /** How long the rows are that are kept, milliseconds ... */
  readonly keptMs: number;
  /** ... and how long they were at the training that had most of them. */
  readonly learntMs: number;
}

const HOUR_MS = 3_600_000;

/** A model that was trained after a drift and rejected is tried again when there are as many new rows as this, hours. */
const DRIFT_PAUSE_HOURS = 6;

/** The stream is trained again when the kept rows cover so many times as long ... */
const WIDER = 4;
/** ... or at least so many times as long, and cannot become much longer ... */
const WIDEST = 2;
/** ... because it fills this share of what is kept: whole blocks are forgotten, so that it never fills all. */
const FULL = 0.95;

type Options = Pick<RetrainOptions, 'firstDays' | 'everyHours' | 'afterDrift' | 'keepHours'>;

/** What to train for now; undefined = nothing. */
export function dueFor(options: Options, situation: Situation): ModelRecord['why'] | undefined {
  const { everyHours, afterDrift, firstDays, keepHours } = options;
  const { nowMs, trainedMs, drifted, accepted, keptMs, learntMs } = situation;
  if (accepted) return 'accepted';
  const hours = (nowMs - trainedMs) / HOUR_MS;
  if (afterDrift && drifted && hours >= DRIFT_PAUSE_HOURS) return 'drift';
  if (everyHours > 0 && hours >= everyHours) return 'schedule';
  const isFull = keptMs >= FULL * keepHours * HOUR_MS;
  return firstDays && keptMs >= (isFull ? WIDEST : WIDER) * learntMs ? 'wider' : undefined;
}
