// Alerts of anomalies: open when enough rows are anomalous, update while the anomaly grows, close when it is over. All
// times are those of the windows; this code does not read a clock.
import type { Alert, AlertChannel, AlertPolicy } from '../../core/alert.ts';
import type { Score } from '../../core/detector.ts';
import type { Channel } from '../../core/sample.ts';
import { ratioOf, type Verdict } from '../../core/threshold.ts';
import type { Window } from '../../core/window.ts';
import type { ChannelUsual, ScalerState } from '../../models/model.ts';
import { alertId } from './alert-id.ts';
import type { AlertOptions } from './alert-options.ts';
import { Gathering, OpenAnomaly, type Peak, type Row, resumed } from './anomaly.ts';
import { blamed } from './blame.ts';
import { createWeighing } from './deviation.ts';
import type { UsualRanges } from './usual-ranges.ts';

export interface AlertContext {
  readonly streamId: string;
  readonly channels: readonly Channel[];
  readonly scaler: ScalerState;
  readonly modelId: string;
  /** Learns from the normal rows; absent = usual ranges are unknown. */
  readonly usual?: UsualRanges;
  /** Open alerts of this stream from an earlier run (`Store.openAlerts`): its newest anomaly continues with the same id. */
  readonly resume?: readonly Alert[];
}

/** An `AlertPolicy` that can be ended. */
export interface AlertLife extends AlertPolicy {
  /** The stream has ended for good: closes open alerts. Do not call it for a restart, which `resume` continues. */
  finish(): Alert | undefined;
  /** What is usual by now, to be kept for the next run; empty = nothing is known. */
  usual(): readonly ChannelUsual[];
}

/**
 * Returns an alert for a row only if the state changes. An anomaly has one id, one `opened`, any number of `updated`, and
 * one `closed` with `startMs`, `endMs` and `peak`. The channels are those of its peak; `now` has those of the row of an update.
 *
 * Time that runs backwards, or a silence of more than `maxSilenceMs`, closes an open alert with the last row before.
 * A resumed alert is closed by quiet rows only, however long the restart took.
 *
 * The share of a score from channels within their limits (`channels`) does not count.
 * Throws `ConfigError` if these name a channel the stream does not have.
 */
export function createAlertPolicy(options: AlertOptions, context: AlertContext): AlertLife {
  return new Policy(options, context);
}

class Policy implements AlertLife {
  readonly #options: AlertOptions;
  readonly #context: AlertContext;
  readonly #gathering: Gathering;
  readonly #weigh: ReturnType<typeof createWeighing>;
  #open: OpenAnomaly | undefined;
  #last: Row | undefined;
  /** Shortest time between rows so far, an estimate of the grid's interval. */
  #rowMs = Number.POSITIVE_INFINITY;

  constructor(options: AlertOptions, context: AlertContext) {
    this.#options = options;
    this.#context = context;
    this.#gathering = new Gathering(options);
    this.#weigh = createWeighing(options.channels, context);
    const left = context.resume?.filter(({ kind }) => kind === 'anomaly').at(-1);
    if (!left) return;
    this.#open = resumed(options, left);
    this.#last = { timeMs: left.timeMs, ratio: left.score, level: left.level };
  }

  step(window: Window, score: Score, verdict: Verdict, quiet = false): Alert | undefined {
    const weight = this.#weigh(window, score);
    const ratio = weight * ratioOf(score.value, verdict);
    const row = { timeMs: window.endMs, ratio, level: verdict.level };
    const anomalous = verdict.anomalous && (weight === 1 || ratio > 1);
    const cut = this.#isCut(row.timeMs) ? this.#cut() : undefined;
    this.#last = row;
    const channelsOf = (): AlertChannel[] => this.#blamed(window, score);
    const peakOf = (): Peak => ({ ratio, channels: channelsOf(), imputed: window.imputed });
    if (this.#open) return this.#follow(this.#open, row, peakOf, channelsOf);
    if (!verdict.anomalous && !quiet) this.#context.usual?.learn(window.endMs, window.latest);
    const anomaly = this.#gathering.push(row.timeMs, anomalous ? peakOf() : undefined);
    // If this row closed an alert, the anomalous rows gathered so far open theirs with the next row.
    if (cut || !anomaly) return cut;
    const id = alertId('anomaly', this.#context.streamId, anomaly.startMs);
    this.#open = new OpenAnomaly(this.#options, id, anomaly, row.timeMs);
    this.#gathering.clear();
    return this.#describe('opened', this.#open, row);
  }

  finish(): Alert | undefined {
    return this.#cut();
  }

  usual(): readonly ChannelUsual[] {
    return this.#context.usual?.state() ?? [];
  }

  #follow(
    open: OpenAnomaly,
    row: Row,
    peakOf: () => Peak,
    channelsOf: () => AlertChannel[],
  ): Alert | undefined {
    const state = open.follow(row, peakOf);
    if (state === 'closed') this.#open = undefined;
    if (!state) return undefined;
    return this.#describe(state, open, row, state === 'updated' ? channelsOf() : undefined);
  }

  #isCut(timeMs: number): boolean {
    if (!this.#last) return false;
    const stepMs = timeMs - this.#last.timeMs;
    if (stepMs <= 0) return true;
    // Until the grid's interval is known, a long step may be normal, or come from a restart.
    const longestMs =
      this.#rowMs === Number.POSITIVE_INFINITY
        ? this.#rowMs
        : Math.max(this.#options.maxSilenceMs, 2 * this.#rowMs);
    this.#rowMs = Math.min(this.#rowMs, stepMs);
    return stepMs > longestMs;
  }

  /** Closes everything with the last row. */
  #cut(): Alert | undefined {
    const [open, last] = [this.#open, this.#last];
    this.#gathering.clear();
    this.#open = undefined;
    return open && last && this.#describe('closed', open, last);
  }

  #describe(
    state: Alert['state'],
    open: OpenAnomaly,
    row: Row,
    now?: readonly AlertChannel[],
  ): Alert {
    const alert = open.describe(state, row, this.#context.streamId, this.#context.modelId);
    return now ? { ...alert, now } : alert;
  }

  #blamed(window: Window, score: Score): AlertChannel[] {
    const { channels, scaler, usual } = this.#context;
    return blamed(window, score, { channels, scaler, usual, limit: this.#options.topChannels });
  }
}
