// An anomaly that was reported: when it has grown enough to say so, and when it is over.
import { type Alert, type AlertState, SEVERITY_RANK, type Severity } from '../../core/alert.ts';
import type { AlertOptions } from './alert-options.ts';
import { type Anomaly, higher, type Peak, type Row } from './anomaly.ts';

/**
 * Severity follows the peak and so never falls. A row is quiet when its score over level is below `closeBelow`, or when fewer
 * than `openCount` of the newest `openWithin` rows are not: what would open no alert keeps none open.
 */
export class OpenAnomaly {
  readonly #options: AlertOptions;
  readonly id: string;
  readonly startMs: number;
  #peak: Peak;
  #lastLoudMs: number;
  #quietRows = 0;
  /** Of the newest `openWithin` rows, whether each reached `closeBelow`. */
  #loud: readonly boolean[];
  #reportedMs: number;
  #reportedPeak: number;
  #reportedSeverity: Severity;

  constructor(options: AlertOptions, id: string, anomaly: Anomaly, timeMs: number) {
    this.#options = options;
    this.id = id;
    this.startMs = anomaly.startMs;
    this.#peak = anomaly.peak;
    this.#lastLoudMs = timeMs;
    this.#loud = new Array<boolean>(options.openWithin).fill(true);
    this.#reportedMs = timeMs;
    this.#reportedPeak = anomaly.peak.ratio;
    this.#reportedSeverity = this.severity;
  }

  get severity(): Severity {
    const { warningAt, criticalAt } = this.#options;
    if (this.#peak.ratio >= criticalAt) return 'critical';
    return this.#peak.ratio >= warningAt ? 'warning' : 'info';
  }

  /** What the row makes of the anomaly, undefined = nothing worth saying. `peakOf` is asked only for a new peak. */
  follow({ timeMs, ratio }: Row, peakOf: () => Peak): 'updated' | 'closed' | undefined {
    const { closeBelow, openCount } = this.#options;
    this.#loud = [...this.#loud.slice(1), ratio >= closeBelow];
    const quiet = ratio < closeBelow || this.#loud.filter(Boolean).length < openCount;
    this.#quietRows = quiet ? this.#quietRows + 1 : 0;
    if (!quiet) this.#lastLoudMs = timeMs;
    if (ratio > this.#peak.ratio) this.#peak = higher(this.#peak, peakOf());
    if (this.#isOver(timeMs)) return 'closed';
    if (!this.#hasGrown(timeMs)) return undefined;
    this.#reportedMs = timeMs;
    this.#reportedPeak = this.#peak.ratio;
    this.#reportedSeverity = this.severity;
    return 'updated';
  }

  /** Its state as of a row. It ends with its last row that was not quiet. */
  describe(state: AlertState, row: Row, streamId: string, modelId: string): Alert {
    return {
      id: this.id,
      kind: 'anomaly',
      streamId,
      state,
      severity: this.severity,
      timeMs: row.timeMs,
      startMs: this.startMs,
      endMs: state === 'closed' ? this.#lastLoudMs : null,
      score: row.ratio,
      peak: this.#peak.ratio,
      level: row.level,
      channels: this.#peak.channels,
      modelId,
      imputed: this.#peak.imputed,
    };
  }

  #isOver(timeMs: number): boolean {
    const { closeAfter, coolDownMs } = this.#options;
    return this.#quietRows >= closeAfter && timeMs - this.#lastLoudMs >= coolDownMs;
  }

  /** A more severe alert is told at once, at most twice; a mere new peak waits its turn. */
  #hasGrown(timeMs: number): boolean {
    const { updateFactor, updateEveryMs } = this.#options;
    if (SEVERITY_RANK[this.severity] > SEVERITY_RANK[this.#reportedSeverity]) return true;
    return (
      this.#peak.ratio >= updateFactor * this.#reportedPeak &&
      timeMs - this.#reportedMs >= updateEveryMs
    );
  }
}

/** The anomaly that an earlier run reported and did not close. */
export function resumed(options: AlertOptions, alert: Alert): OpenAnomaly {
  const peak = { ratio: alert.peak, channels: alert.channels, imputed: alert.imputed };
  return new OpenAnomaly(options, alert.id, { startMs: alert.startMs, peak }, alert.timeMs);
}
