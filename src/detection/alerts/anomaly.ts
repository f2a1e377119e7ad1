import type { AlertChannel } from '../../core/alert.ts';

/** The greatest row of an anomaly. */
export interface Peak {
  /** Score over level. */
  readonly ratio: number;
  readonly channels: readonly AlertChannel[];
  /** Share of the window that was imputed. */
  readonly imputed: number;
}

/** An anomaly, reported or not. */
export interface Anomaly {
  readonly startMs: number;
  readonly peak: Peak;
}

/** One scored row. */
export interface Row {
  readonly timeMs: number;
  /** Score over level. */
  readonly ratio: number;
  readonly level: number;
}

export function higher(one: Peak, other: Peak): Peak {
  return other.ratio > one.ratio ? other : one;
}
