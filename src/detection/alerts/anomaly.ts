// Anomalies: gathers rows until an anomaly opens, decides when it has grown enough for an update, and when it is over.
import {
  type Alert,
  type AlertChannel,
  type AlertState,
  SEVERITY_RANK,
  type Severity,
} from '../../core/alert.ts';
import { type Agreement, stronger } from './agreement.ts';
import type { AlertOptions } from './alert-options.ts';
import { Reminders } from './reminders.ts';

/**
 * Severity says how much an anomaly matters: it follows how far the rows are beyond all that was normal, if a channel shows it
 * itself, and how long they are; it never falls. A row is quiet if its score over level is below `closeBelow`, or if fewer
 * than `openCount` of the newest `openWithin` rows reach it: too few rows to open an alert do not keep one open.
 */
export class OpenAnomaly {
  readonly #reminders: Reminders;
  readonly #options: AlertOptions;
  readonly id: string;
  readonly startMs: number;
  #peak: Peak;
  #row: Row;
  #isClosed = false;
  #lastLoudMs: number;
  #loudRows = 0;
  /** Rows as high as a warning: how many, how long, and whether the newest is one. */
  #strong = { rows: 0, ms: 0, now: false };
  /** Of an earlier run, whose rows are not known any more. */
  readonly #least: Severity;
  #quietRows = 0;
  /** Of the newest `openWithin` rows, whether each reached `closeBelow`. */
  #loud: readonly boolean[];
  #reportedMs: number;
  #reportedPeak: number;
  #reportedSeverity: Severity;

  /** `row` is the one that opens it. */
  constructor(options: AlertOptions, id: string, anomaly: Unreported, row: Row) {
    this.#options = options;
    this.#reminders = new Reminders(options, anomaly.startMs, row.timeMs);
    this.#least = anomaly.least ?? 'info';
    this.id = id;
    this.startMs = anomaly.startMs;
    this.#peak = anomaly.peak;
    this.#row = row;
    this.#lastLoudMs = anomaly.untilMs ?? row.timeMs;
    this.#loud = new Array<boolean>(options.openWithin).fill(true);
    this.#reportedMs = row.timeMs;
    this.#reportedPeak = anomaly.peak.ratio;
    this.#reportedSeverity = this.severity;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get severity(): Severity {
    // A score that no channel confirms is an estimate: it matters by how long it lasts, not by how high it is.
    const height = this.#isConfirmed ? heightOf(this.#peak) : 0;
    const byHeight = severityAt(height, this.#options);
    if (byHeight === 'critical' || (height > 0 && this.#isLong(this.#strong))) return 'critical';
    const lasted = { rows: this.#loudRows, ms: this.#lastLoudMs - this.startMs };
    const severity = this.#isLong(lasted) ? 'warning' : byHeight;
    return SEVERITY_RANK[severity] > SEVERITY_RANK[this.#least] ? severity : this.#least;
  }

  get #isConfirmed(): boolean {
    const { agreement = 'far' } = this.#peak;
    return agreement === 'far' || this.#options.withinRangesAt === 0;
  }

  /**
   * Takes a row; undefined = nothing to report. Calls `peakOf` only for a new peak, or until a channel confirms it. It is quiet
   * below `ease` times `closeBelow`.
   */
  follow(row: Row, peakOf: () => Peak, ease = 1): Change | undefined {
    const { timeMs, ratio } = row;
    this.#measure(row);
    this.#row = row;
    const { openCount } = this.#options;
    const closeBelow = ease * this.#options.closeBelow;
    this.#loud = [...this.#loud.slice(1), ratio >= closeBelow];
    const quiet = ratio < closeBelow || this.#loud.filter(Boolean).length < openCount;
    this.#quietRows = quiet ? this.#quietRows + 1 : 0;
    if (!quiet) {
      this.#lastLoudMs = timeMs;
      this.#loudRows += 1;
    }
    const isUnconfirmed = !quiet && !this.#isConfirmed;
    if (ratio > this.#peak.ratio || isUnconfirmed) this.#peak = higher(this.#peak, peakOf());
    this.#peak = { ...this.#peak, ...farther(this.#peak, row) };
    this.#isClosed = this.#isOver(timeMs);
    if (this.#isClosed) return 'closed';
    const isDue = !quiet && this.#reminders.isDue(timeMs);
    if (!this.#hasGrown(timeMs)) return isDue ? 'reminded' : undefined;
    this.#reportedMs = timeMs;
    this.#reportedPeak = this.#peak.ratio;
    this.#reportedSeverity = this.severity;
    return 'updated';
  }

  /** The alert at its newest row. It ends with its last row that was not quiet. */
  describe(state: AlertState, streamId: string, modelId: string): Alert {
    const row = this.#row;
    const { beyondSeen } = this.#peak;
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
      evidence: { path: 'score', ...(beyondSeen !== undefined && { beyondSeen }) },
    };
  }

  /** The saved state, brought up to its last row that was not quiet. */
  left(state: Alert): Alert {
    const now = this.describe(state.state, state.streamId, state.modelId);
    return { ...state, ...now, timeMs: this.#lastLoudMs };
  }

  /** The time between two rows counts where both are strong: an earlier run is not known. */
  #measure(row: Row): void {
    const now = heightOf(row) >= this.#options.warningAt;
    const { rows, ms, now: before } = this.#strong;
    if (!now) this.#strong = { rows, ms, now };
    else
      this.#strong = { rows: rows + 1, ms: before ? ms + row.timeMs - this.#row.timeMs : ms, now };
  }

  /** On a slow grid a few rows are no long time. */
  #isLong({ rows, ms }: { readonly rows: number; readonly ms: number }): boolean {
    return rows >= this.#options.closeAfter && ms >= this.#options.longMs;
  }

  #isOver(timeMs: number): boolean {
    const { closeAfter, coolDownMs } = this.#options;
    return this.#quietRows >= closeAfter && timeMs - this.#lastLoudMs >= coolDownMs;
  }

  /** A rise in severity is reported at once (at most twice); a new peak waits for `updateEveryMs`. */
  #hasGrown(timeMs: number): boolean {
    const { updateFactor, updateEveryMs } = this.#options;
    if (SEVERITY_RANK[this.severity] > SEVERITY_RANK[this.#reportedSeverity]) return true;
    return (
      this.#peak.ratio >= updateFactor * this.#reportedPeak &&
      timeMs - this.#reportedMs >= updateEveryMs
    );
  }
}

/** `reminded`: nothing has changed, but it is still open. */
type Change = 'updated' | 'reminded' | 'closed';

/** Restores an anomaly that an earlier run reported and did not close; `untilMs` is its last row known not to be quiet. */
export function resumed(options: AlertOptions, alert: Alert, untilMs: number): OpenAnomaly {
  const { id, startMs, timeMs, peak: ratio, channels, imputed, level, evidence } = alert;
  const beyond = { ratio, beyondSeen: evidence?.beyondSeen };
  const agreement = agreementOf(options, alert, heightOf(beyond));
  const peak = { ...beyond, channels, imputed, agreement };
  const left = { startMs, peak, least: alert.severity, untilMs };
  return new OpenAnomaly(options, id, left, { timeMs, ratio: alert.score, level });
}

/** An alert less severe than its height was not confirmed by a channel; a row of this run may still confirm it. */
function agreementOf(options: AlertOptions, { severity }: Alert, height: number): Agreement {
  const isLess = SEVERITY_RANK[severity] < SEVERITY_RANK[severityAt(height, options)];
  return isLess ? 'inside' : 'far';
}

function severityAt(height: number, { warningAt, criticalAt }: AlertOptions): Severity {
  if (height >= criticalAt) return 'critical';
  return height >= warningAt ? 'warning' : 'info';
}

interface Beyond {
  /** Of the verdict, see `Verdict`. */
  readonly beyondSeen?: number | undefined;
}

/** The row of an anomaly with the highest score over level, and how far any of its rows is beyond what was seen. */
export interface Peak extends Beyond {
  /** Score over level. */
  readonly ratio: number;
  readonly channels: readonly AlertChannel[];
  /** Share of the window that was imputed. */
  readonly imputed: number;
  /** What the channels themselves show, the strongest so far; absent = far. */
  readonly agreement?: Agreement;
}

interface Unreported {
  readonly startMs: number;
  readonly peak: Peak;
  /** Severity that it has already. */
  readonly least?: Severity;
  /** Its last row that was not quiet; absent = the row that is given with it. */
  readonly untilMs?: number;
}

/** An anomaly that is to be reported. */
export interface Anomaly extends Unreported {
  /** Score over level of its newest row. */
  readonly latest: number;
}

/** One scored row. */
export interface Row extends Beyond {
  readonly timeMs: number;
  /** Score over level. */
  readonly ratio: number;
  readonly level: number;
}

/** Beyond all that was normal, where that is known; else over the level. */
function heightOf({ ratio, beyondSeen }: Pick<Row, 'ratio' | 'beyondSeen'>): number {
  return beyondSeen ?? ratio;
}

function higher(one: Peak, other: Peak): Peak {
  const agreement = stronger(one.agreement ?? 'far', other.agreement ?? 'far');
  return { ...(other.ratio > one.ratio ? other : one), ...farther(one, other), agreement };
}

function farther(one: Beyond, other: Beyond): Beyond {
  const known = [one.beyondSeen, other.beyondSeen].filter((each) => each !== undefined);
  return known.length > 0 ? { beyondSeen: Math.max(...known) } : {};
}

type GatheringOptions = Pick<
  AlertOptions,
  'openCount' | 'openWithin' | 'minDurationMs' | 'withinRangesAt'
>;

/**
 * Gathers anomalous rows: returns the anomaly once `openCount` of the last `openWithin` rows are anomalous for at least
 * `minDurationMs`. It starts at the first of these rows. Rows in which no channel agrees with the score do not count, unless
 * they are as high as `withinRangesAt`. Normal rows allocate nothing.
 */
export class Gathering {
  readonly #options: GatheringOptions;
  #anomalous: { readonly index: number; readonly timeMs: number; readonly peak: Peak }[] = [];
  #index = 0;
  #anomaly: Anomaly | undefined;

  constructor(options: GatheringOptions) {
    this.#options = options;
  }

  /** `row` describes an anomalous row; undefined = the row is normal. */
  push(timeMs: number, row: Peak | undefined): Anomaly | undefined {
    const { openCount, openWithin, minDurationMs } = this.#options;
    const peak = row && counts(row, this.#options) ? row : undefined;
    const rows = this.#anomalous;
    this.#index++;
    if (peak) rows.push({ index: this.#index, timeMs, peak });
    while (rows[0] && rows[0].index <= this.#index - openWithin) rows.shift();
    const [first] = rows;
    if (!first || rows.length < openCount) {
      this.#anomaly = undefined;
      return undefined;
    }
    const { startMs, peak: before } = this.#anomaly ?? { startMs: first.timeMs, peak: first.peak };
    const latest = peak?.ratio ?? 0;
    this.#anomaly = {
      startMs,
      peak: rows.reduce((most, row) => higher(most, row.peak), before),
      latest,
    };
    return timeMs - startMs >= minDurationMs ? this.#anomaly : undefined;
  }

  clear(): void {
    this.#anomalous = [];
    this.#anomaly = undefined;
  }
}

/** Whether an anomalous row counts: its channels agree with the score, or it is high enough without them. */
export function counts(
  { agreement = 'far', ...row }: Pick<Peak, 'ratio' | 'beyondSeen' | 'agreement'>,
  { withinRangesAt }: Pick<AlertOptions, 'withinRangesAt'>,
): boolean {
  if (agreement === 'far' || agreement === 'outside' || withinRangesAt === 0) return true;
  return agreement === 'inside' && heightOf(row) >= withinRangesAt;
}
