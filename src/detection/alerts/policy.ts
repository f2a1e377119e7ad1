// Alerts of anomalies: open when enough rows are anomalous, update while the anomaly grows, close when it is over. All
// times are those of the windows; this code does not read a clock.
import type { Alert, AlertChannel, AlertPolicy } from '../../core/alert.ts';
import type { Score } from '../../core/detector.ts';
import type { Channel } from '../../core/sample.ts';
import { ratioOf, type Verdict } from '../../core/threshold.ts';
import type { Window } from '../../core/window.ts';
import type { ChannelUsual, ScalerState } from '../../models/model.ts';
import { agreementOf } from './agreement.ts';
import { alertId } from './alert-id.ts';
import type { AlertOptions } from './alert-options.ts';
import {
  type Anomaly,
  counts,
  Gathering,
  OpenAnomaly,
  type Peak,
  type Row,
  resumed,
} from './anomaly.ts';
import { type RowBlame, rowBlame } from './blame.ts';
import { type Claim, Claims } from './claims.ts';
import { createWeighing } from './deviation.ts';
import { Settling } from './settling.ts';
import type { UsualRanges } from './usual-ranges.ts';

export interface AlertContext {
  readonly streamId: string;
  readonly channels: readonly Channel[];
  readonly scaler: ScalerState;
  readonly modelId: string;
  /** Learns from the normal rows; absent = usual ranges are unknown. */
  readonly usual?: UsualRanges;
  /** Of these channels, where others ask for the same rows; absent = made here. */
  readonly blame?: RowBlame;
  /**
   * Alerts of this stream from an earlier run: open anomalies (`Store.openAlerts`) continue with the same ids; accepted
   * ones of this model are not opened anew.
   */
  readonly resume?: readonly Alert[];
  /** Until when these were seen to last: their last rows that were not quiet, by id; absent = until their saved states. */
  readonly openUntil?: ReadonlyMap<string, number>;
}

/** An `AlertPolicy` that can be ended. */
export interface AlertLife extends AlertPolicy {
  /** The stream has ended for good: closes open alerts. Do not call it for a restart, which `resume` continues. */
  finish(): readonly Alert[];
  /** Closes an open alert as accepted, as if its time had come; none where it is not open. */
  accept(alertId: string): readonly Alert[];
  /** The saved state of an alert, brought up to its last row that was not quiet, for the policy of another model to resume. */
  left(saved: Alert): Alert;
  /** What is usual by now, to be kept for the next run; empty = nothing is known. */
  usual(): readonly ChannelUsual[];
}

/**
 * Returns alerts for a row only if their state changes. An anomaly has one id, one `opened`, any number of `updated`, and
 * one `closed` with `startMs`, `endMs` and `peak`. The channels are those of its peak; `now` has those of the row of an update.
 *
 * While an alert is open, an anomaly of other channels opens one of its own: see claims.ts. Detectors without shares of
 * channels, and streams of one channel, have one alert at a time.
 *
 * An alert whose channels have settled closes as accepted after `acceptAfterMs`. Its channels then open no alert until they
 * are as the model knows them, or another model has learnt the new level.
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

/** Anomalies of a stream that may be open at once: what comes then joins the newest. */
const MOST_OPEN = 4;
/** An alert beside others is quiet below this share of `closeBelow`: the others lower what its channels contribute. */
const BESIDE_OTHERS = 0.6;

interface Open {
  readonly anomaly: OpenAnomaly;
  readonly claim: Claim;
  /** Absent = it is accepted. */
  readonly settling?: Settling;
  /** It is closed for people, and holds its channels. */
  readonly isAccepted?: true;
}

/** A scored row. */
interface Scored extends Row {
  readonly window: Window;
  readonly score: Score;
  /** The usual score over level. */
  readonly usual: number;
}

const NOTHING: readonly Alert[] = [];

class Policy implements AlertLife {
  readonly #options: AlertOptions;
  readonly #context: AlertContext;
  readonly #gathering: Gathering;
  readonly #weigh: ReturnType<typeof createWeighing>;
  readonly #blame: RowBlame;
  readonly #claims: Claims;
  /** Oldest first. */
  #open: readonly Open[] = [];
  #lastMs: number | undefined;
  /** Shortest time between rows so far, an estimate of the grid's interval. */
  #rowMs = Number.POSITIVE_INFINITY;

  constructor(options: AlertOptions, context: AlertContext) {
    this.#options = options;
    this.#context = context;
    this.#gathering = new Gathering(options);
    this.#weigh = createWeighing(options.channels, context);
    this.#blame = context.blame ?? rowBlame(context);
    this.#claims = new Claims(context.channels.length);
    for (const alert of (context.resume ?? []).toSorted((a, b) => a.startMs - b.startMs)) {
      if (alert.kind === 'anomaly' && isOpenOrAccepted(alert)) this.#resume(alert);
    }
  }

  step(window: Window, score: Score, verdict: Verdict, quiet = false): readonly Alert[] {
    const weight = this.#weigh(window, score);
    const ratio = weight * ratioOf(score.value, verdict);
    const { level, usual = 0 } = verdict;
    const beyondSeen = verdict.beyondSeen && weight * verdict.beyondSeen;
    const of = { ratio, level, usual: usual / level, beyondSeen };
    const row = { window, score, timeMs: window.endMs, ...of };
    const cut = this.#isCut(row.timeMs) ? this.#cut() : NOTHING;
    this.#lastMs = row.timeMs;
    if (this.#open.length > 0) return this.#besideOpen(row, verdict.anomalous);
    const anomalous = verdict.anomalous && (weight === 1 || ratio > 1);
    if (!verdict.anomalous && !quiet) this.#context.usual?.learn(window.endMs, window.latest);
    const peak = anomalous ? this.#peakOf(row, score, ratio) : undefined;
    const anomaly = this.#gathering.push(row.timeMs, peak);
    return anomaly ? [...cut, this.#begin(anomaly, row)] : cut;
  }

  finish(): readonly Alert[] {
    return this.#cut();
  }

  accept(id: string): readonly Alert[] {
    const open = this.#openFor(id);
    return open ? [this.#accept(open)] : NOTHING;
  }

  left(saved: Alert): Alert {
    return this.#openFor(saved.id)?.anomaly.left(saved) ?? saved;
  }

  usual(): readonly ChannelUsual[] {
    return this.#context.usual?.state() ?? [];
  }

  #openFor(id: string): Open | undefined {
    return this.#open.find(({ anomaly, isAccepted }) => anomaly.id === id && !isAccepted);
  }

  #resume(alert: Alert): void {
    const places = this.#context.channels.map(({ id }) => id);
    const contributions = new Map(
      alert.channels.map(({ id, share }) => [places.indexOf(id), share * alert.peak]),
    );
    contributions.delete(-1); // a channel that has gone
    const claim = this.#claims.add();
    claim.resume(contributions);
    const untilMs = Math.max(alert.timeMs, this.#context.openUntil?.get(alert.id) ?? alert.timeMs);
    const anomaly = resumed(this.#options, alert, untilMs);
    const rest = alert.outcome
      ? { isAccepted: true as const }
      : this.#settling(alert.startMs, alert.timeMs);
    this.#open = [...this.#open, { anomaly, claim, ...rest }];
    this.#lastMs = Math.max(untilMs, this.#lastMs ?? untilMs);
  }

  #begin(anomaly: Anomaly, { timeMs, level }: Scored): Alert {
    const id = alertId('anomaly', this.#context.streamId, anomaly.startMs);
    const row = { timeMs, level, ratio: anomaly.latest };
    const opened = new OpenAnomaly(this.#options, id, anomaly, row);
    const claim = this.#claims.add();
    this.#open = [...this.#open, { anomaly: opened, claim, ...this.#settling(timeMs, timeMs) }];
    this.#gathering.clear();
    return this.#describe('opened', opened);
  }

  #besideOpen(row: Scored, anomalous: boolean): readonly Alert[] {
    const { score, level, usual, timeMs } = row;
    const rest = this.#claims.read(score, level, usual);
    const changed = this.#open.flatMap((open) => this.#follow(open, row));
    this.#open = this.#open.filter(({ anomaly }) => !anomaly.isClosed);
    const count = this.#open.filter(({ isAccepted }) => !isAccepted).length;
    if (this.#open.length === 0 || count >= MOST_OPEN) return changed;
    const ratio = rest ? rest.ratio * this.#weigh(row.window, rest.score) : 0;
    const peak = anomalous && rest && ratio > 1 ? this.#peakOf(row, rest.score, ratio) : undefined;
    const anomaly = this.#gathering.push(timeMs, peak && this.#isApart(peak) ? peak : undefined);
    return anomaly ? [...changed, this.#begin(anomaly, row)] : changed;
  }

  /**
   * Beside an open alert a channel must have left its usual range, however high the score is: a detector spreads the score of
   * the open alert over other channels.
   */
  #isApart(peak: Peak): boolean {
    const comparesRanges = this.#options.withinRangesAt > 0;
    return counts(peak, { withinRangesAt: comparesRanges ? Number.POSITIVE_INFINITY : 0 });
  }

  #follow(open: Open, row: Scored): readonly Alert[] {
    const { anomaly, claim, settling, isAccepted } = open;
    const { window, timeMs, level } = row;
    const ratio = this.#claims.ratioOf(claim, row);
    const score = (): Score => this.#claims.scoreOf(claim, row.score, level);
    const ease = this.#claims.isAlone ? 1 : BESIDE_OTHERS;
    const own = { timeMs, ratio, level, ...partOf(row, ratio) };
    const state = anomaly.follow(own, () => this.#peakOf(row, score(), ratio), ease);
    if (state === 'closed') this.#claims.remove(claim);
    if (isAccepted) return NOTHING;
    if (state === 'closed') return [this.#describe(state, anomaly)];
    if (settling?.take(timeMs, window.latest, (c) => claim.holds(c))) return [this.#accept(open)];
    if (state === undefined) return NOTHING;
    const alert = {
      ...this.#describe('updated', anomaly),
      now: this.#blamed(window, score()),
    };
    return [state === 'reminded' ? { ...alert, reminder: true } : alert];
  }

  /** It ends now for people, with all that is said of it; `now` has the levels that are accepted. */
  #accept(open: Open): Alert {
    const { anomaly, claim, settling } = open;
    const accepted: Open = { anomaly, claim, isAccepted: true };
    this.#open = this.#open.map((one) => (one === open ? accepted : one));
    const alert = this.#describe('closed', anomaly);
    const places = new Map(this.#context.channels.map(({ id }, c) => [id, c]));
    const now = alert.channels.map((channel) => {
      const level = settling?.level(places.get(channel.id) ?? -1);
      return { ...channel, value: level ?? channel.value };
    });
    return { ...alert, endMs: alert.timeMs, outcome: 'accepted', now };
  }

  #settling(startMs: number, sinceMs: number): Pick<Open, 'settling'> {
    const afterMs = this.#options.acceptAfterMs || Number.POSITIVE_INFINITY; // people may accept it
    const { scale } = this.#context.scaler;
    return { settling: new Settling(afterMs, { startMs, sinceMs }, scale) };
  }

  #isCut(timeMs: number): boolean {
    if (this.#lastMs === undefined) return false;
    const stepMs = timeMs - this.#lastMs;
    if (stepMs <= 0) return true;
    // Until the grid's interval is known, a long step may be normal, or come from a restart.
    const longestMs =
      this.#rowMs === Number.POSITIVE_INFINITY
        ? this.#rowMs
        : Math.max(this.#options.maxSilenceMs, 2 * this.#rowMs);
    this.#rowMs = Math.min(this.#rowMs, stepMs);
    return stepMs > longestMs;
  }

  /** Closes everything with the last row. What is accepted stays so: a gap in the data changes nothing about it. */
  #cut(): readonly Alert[] {
    const open = this.#open.filter(({ isAccepted }) => !isAccepted);
    for (const { claim } of open) this.#claims.remove(claim);
    this.#gathering.clear();
    this.#open = this.#open.filter(({ isAccepted }) => isAccepted);
    return open.map(({ anomaly }) => this.#describe('closed', anomaly));
  }

  #describe(state: Alert['state'], open: OpenAnomaly): Alert {
    return open.describe(state, this.#context.streamId, this.#context.modelId);
  }

  /** Of a part of the score. */
  #peakOf(row: Scored, score: Score, ratio: number): Peak {
    const { window } = row;
    const channels = this.#blamed(window, score);
    const agreement = agreementOf(window, score, channels, this.#context);
    return { ratio, ...partOf(row, ratio), channels, imputed: window.imputed, agreement };
  }

  #blamed(window: Window, score: Score): readonly AlertChannel[] {
    return this.#blame(window, score).slice(0, this.#options.topChannels);
  }
}

function isOpenOrAccepted({ state, outcome }: Alert): boolean {
  return state !== 'closed' || outcome === 'accepted';
}

/** How far a part of a row's score is beyond what was seen. */
function partOf({ ratio: whole, beyondSeen }: Row, ratio: number): Pick<Row, 'beyondSeen'> {
  if (beyondSeen === undefined) return {};
  return { beyondSeen: whole > 0 ? (beyondSeen * ratio) / whole : 0 };
}
