// Follows the channels that a stream's open alerts blame, row by row: an alert's own states are too few to tell what it was
// like, and an alert that is kept back has to be sent as soon as it is about something else.
//
// Notation   C channels, K rows that are averaged; arrays are (K, C) or (C,).
import type { Alert, AlertChannel, BlamedChannel, Side } from '../../core/alert.ts';
import type { AlertPattern } from '../../core/decisions.ts';
import type { Score } from '../../core/detector.ts';
import type { Channel } from '../../core/sample.ts';
import { ratioOf, type Verdict } from '../../core/threshold.ts';
import type { Window } from '../../core/window.ts';
import { mean } from '../../engine/statistics.ts';
import type { ChannelUsual, ScalerState } from '../../models/model.ts';
import type { AlertOptions } from './alert-options.ts';
import type { RowBlame } from './blame.ts';
import { matters } from './deviation.ts';
import { COMPARED_SHARE, isLike, sideOf } from './pattern.ts';
import type { AlertLife } from './policy.ts';

type FollowOptions = Pick<AlertOptions, 'openCount' | 'openWithin' | 'topChannels' | 'channels'>;

export interface BlameContext {
  readonly channels: readonly Channel[];
  readonly scaler: ScalerState;
  readonly blame: RowBlame;
  /** Alerts of an earlier run; those that have closed are not followed. */
  readonly resume: readonly Alert[];
  /** What each alert is like that is open and kept back, by its id. */
  readonly keptBack: () => ReadonlyMap<string, AlertPattern>;
  /** Called when an alert opens, with what gives it as it is now, and without when it has closed. */
  readonly follow: (alertId: string, asOfNow: (() => Alert) | undefined) => void;
}

/** A channel with a smaller share of the score is not blamed. */
const LEAST_SHARE = 0.05;
/** A deviation of less is no side: some detectors expect almost what they see. In spreads of the normal values. */
const LEAST_DEVIATION = 0.5;

/**
 * The policy whose alerts have `blamed`, and which updates an alert that is kept back at the row from which it differs from
 * what it was like.
 */
export function followBlame(
  policy: AlertLife,
  options: FollowOptions,
  context: BlameContext,
): AlertLife {
  return new Follower(policy, options, context);
}

class Follower implements AlertLife {
  readonly #policy: AlertLife;
  readonly #options: FollowOptions;
  readonly #context: BlameContext;
  readonly #lives = new Map<string, Life>();
  /** The newest rows since an alert opened. */
  #rows: BlamedRow[] = [];

  constructor(policy: AlertLife, options: FollowOptions, context: BlameContext) {
    this.#policy = policy;
    this.#options = options;
    this.#context = context;
    for (const alert of context.resume) this.#begin(alert);
  }

  step(window: Window, score: Score, verdict: Verdict, quiet?: boolean): readonly Alert[] {
    const alerts = this.#policy.step(window, score, verdict, quiet);
    for (const alert of alerts) if (!this.#lives.has(alert.id)) this.#begin(alert);
    if (this.#lives.size === 0) return alerts;
    const row = this.#rowOf(window, score, verdict);
    this.#rows = [...this.#rows, row].slice(-this.#options.openWithin);
    const channels = averageOf(this.#rows);
    const isAlone = this.#lives.size === 1;
    for (const life of this.#lives.values()) {
      life.add(channels);
      life.see(row, isAlone);
    }
    const told = new Set(alerts.map(({ id }) => id));
    return [...alerts.map((alert) => this.#told(alert)), ...this.#outgrown(row, told)];
  }

  finish(): readonly Alert[] {
    return this.#policy.finish().map((alert) => this.#told(alert));
  }

  accept(alertId: string): readonly Alert[] {
    return this.#policy.accept(alertId).map((alert) => this.#told(alert));
  }

  left(saved: Alert): Alert {
    const left = this.#policy.left(saved);
    return this.#lives.get(saved.id)?.asOf(left) ?? left;
  }

  usual(): readonly ChannelUsual[] {
    return this.#policy.usual();
  }

  #begin(alert: Alert): void {
    if (alert.kind !== 'anomaly' || alert.state === 'closed') return;
    const life = new Life(alert, this.#context);
    for (const other of this.#othersThan(alert.id)) {
      other.begins(alert);
      life.leave(other.alert);
    }
    this.#lives.set(alert.id, life);
    this.#context.follow(alert.id, () => life.asOfNow());
  }

  #told(alert: Alert): Alert {
    const life = this.#lives.get(alert.id);
    const told = life?.told(alert) ?? alert;
    if (life) for (const other of this.#othersThan(alert.id)) other.leave(alert);
    if (alert.state === 'closed') {
      this.#lives.delete(alert.id);
      this.#context.follow(alert.id, undefined);
    }
    if (this.#lives.size === 0) this.#rows = [];
    return told;
  }

  /** Updates of alerts that are kept back and have differed for as many rows as open an alert; `told` have one already. */
  #outgrown({ channels }: BlamedRow, told: ReadonlySet<string>): readonly Alert[] {
    const outgrown: Alert[] = [];
    for (const [id, pattern] of this.#context.keptBack()) {
      const life = this.#lives.get(id);
      if (!life || told.has(id)) continue;
      const grown = life.asOfNow();
      const rows = life.differs(!isLike(pattern, grown));
      // what is like nothing any more, because its answer was taken back, is told at once
      const least = pattern.channels.length === 0 ? 1 : this.#options.openCount;
      if (rows < least) continue;
      const now = channels.slice(0, this.#options.topChannels);
      outgrown.push(life.told({ ...grown, now }));
    }
    return outgrown;
  }

  #othersThan(alertId: string): readonly Life[] {
    return [...this.#lives.values()].filter(({ alert }) => alert.id !== alertId);
  }

  #rowOf(window: Window, score: Score, verdict: Verdict): BlamedRow {
    const limits = this.#options.channels;
    const counted = this.#context.blame(window, score).filter((channel) => {
      const own = limits[channel.id];
      return own === undefined || matters(channel, own);
    });
    return {
      ...{ timeMs: window.endMs, level: verdict.level, channels: counted },
      ratio: ratioOf(score.value, verdict),
    };
  }
}

/** A scored row, with the channels whose deviations count. */
interface BlamedRow {
  readonly timeMs: number;
  /** Score over level. */
  readonly ratio: number;
  readonly level: number;
  readonly channels: readonly AlertChannel[];
}

/**
 * Channels of the rows with their mean shares, values and expected values; none where the mean score is not above the level. A
 * single row that stands out changes little.
 */
function averageOf(rows: readonly BlamedRow[]): readonly AlertChannel[] {
  const whole = rows.reduce((sum, { ratio }) => sum + ratio, 0);
  if (whole < rows.length) return [];
  const sums = new Map<string, { channel: AlertChannel; share: number; read: AlertChannel[] }>();
  for (const { ratio, channels } of rows) {
    for (const channel of channels) {
      const sum = sums.get(channel.id) ?? { channel, share: 0, read: [] };
      sum.share += channel.share * ratio;
      sum.read.push(channel);
      sums.set(channel.id, sum);
    }
  }
  return [...sums.values()].map(({ channel, share, read }) => ({
    ...channel,
    share: share / whole,
    value: meanOf(read.map(({ value }) => value)),
    expected: meanOf(read.map(({ expected }) => expected)),
  }));
}

/** null when none was read. */
function meanOf(values: readonly (number | null)[]): number | null {
  const read = values.filter((value) => value !== null);
  return read.length === 0 ? null : mean(read);
}

/** One alert from its opening on. */
class Life {
  /** Its newest state. */
  alert: Alert;
  readonly #places: ReadonlyMap<string, number>;
  readonly #scaler: ScalerState;
  readonly #blamed: Map<string, BlamedChannel>;
  /** Greatest shares of channels in other alerts that were open beside it. */
  readonly #ofOthers = new Map<string, number>();
  #newest: Pick<Alert, 'timeMs' | 'level' | 'score'> | undefined;
  #peak = 0;
  #different = 0;

  constructor(alert: Alert, { channels, scaler }: BlameContext) {
    this.alert = alert;
    this.#scaler = scaler;
    this.#places = new Map(channels.map(({ id }, place) => [id, place]));
    this.#blamed = new Map(alert.blamed?.map((channel) => [channel.id, channel]));
    this.add(alert.channels);
  }

  add(channels: readonly AlertChannel[]): void {
    for (const channel of channels) {
      if (channel.share < LEAST_SHARE) continue;
      const { id } = channel;
      const fresh = this.#asBlamed(channel);
      const known = this.#blamed.get(id);
      this.#blamed.set(id, known ? bothOf(known, fresh) : fresh);
    }
  }

  /** Another alert opens beside it: the rows since that one began were not of this one alone. */
  begins(other: Alert): void {
    this.#peak = 0;
    this.leave(other);
  }

  /** Channels that another alert blames more are not this one's, even when the other has closed. */
  leave({ channels }: Alert): void {
    for (const { id, share } of channels) {
      this.#ofOthers.set(id, Math.max(share, this.#ofOthers.get(id) ?? 0));
    }
  }

  /** With other alerts open, the score of a row is not of this one alone. */
  see({ timeMs, ratio, level }: BlamedRow, isAlone: boolean): void {
    const { peak } = this.alert;
    this.#newest = { timeMs, level, score: isAlone ? ratio : Math.min(ratio, peak) };
    if (isAlone) this.#peak = Math.max(this.#peak, ratio);
  }

  /** For how many rows in turn it has differed, with this one. */
  differs(now: boolean): number {
    this.#different = now ? this.#different + 1 : 0;
    return this.#different;
  }

  /** As if it were updated now. */
  asOfNow(): Alert {
    const { peak } = this.alert;
    const grown = { state: 'updated', peak: Math.max(peak, this.#peak) } as const;
    return this.asOf({ ...this.alert, ...this.#newest, ...grown });
  }

  asOf(alert: Alert): Alert {
    const own = new Map(alert.channels.map(({ id, share }) => [id, share]));
    const blamed = [...this.#blamed.values()]
      .filter(({ id }) => (own.get(id) ?? 0) >= (this.#ofOthers.get(id) ?? 0))
      .sort((a, b) => b.share - a.share);
    return { ...alert, blamed };
  }

  /** The state with the channels of its life, as its newest. */
  told(alert: Alert): Alert {
    this.alert = this.asOf(alert);
    return this.alert;
  }

  #asBlamed({ id, unit, share, value, expected }: AlertChannel): BlamedChannel {
    const place = this.#places.get(id) ?? -1;
    const centre = this.#scaler.offset[place] ?? expected ?? value ?? 0; // resumed from another model
    const spread = this.#scaler.scale[place] ?? 0;
    const [fromExpected, fromCentre] = [expected ?? centre, centre].map(
      (usual) => (value ?? Number.NaN) - usual,
    ) as [number, number];
    const isClear = Math.abs(fromExpected) >= LEAST_DEVIATION * spread;
    const side = sideOf(isClear ? fromExpected : fromCentre);
    return { id, unit, share, side, low: value, high: value, centre, spread };
  }
}

function bothOf(known: BlamedChannel, fresh: BlamedChannel): BlamedChannel {
  const { share, low, high } = known;
  return {
    ...fresh,
    share: Math.max(share, fresh.share),
    side: sideOfBoth(known, fresh),
    low: low === null || fresh.low === null ? (low ?? fresh.low) : Math.min(low, fresh.low),
    high: high === null || fresh.high === null ? (high ?? fresh.high) : Math.max(high, fresh.high),
  };
}

/** Where only one of them is compared, its side counts. */
function sideOfBoth(known: BlamedChannel, fresh: BlamedChannel): Side {
  if (fresh.share < COMPARED_SHARE || known.side === fresh.side) return known.side;
  return known.share < COMPARED_SHARE ? fresh.side : 'both';
}
