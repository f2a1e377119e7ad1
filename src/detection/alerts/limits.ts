// Hard limits of single channels: alerts that need no model, so that they work before anything is learnt.
import type { Alert, AlertState } from '../../core/alert.ts';
import { type Channel, formatChannel, type Sample } from '../../core/sample.ts';
import { alertId } from './alert-id.ts';
import type { AlertOptions } from './alert-options.ts';
import { requireKnown } from './deviation.ts';
import type { HardLimit, HardLimits } from './limit-options.ts';
import { type ReminderOptions, Reminders } from './reminders.ts';

/** A reading is well again only this share of the bound within it: one that stays at the bound is one alert. */
const HYSTERESIS = 0.05;

type LimitLife = Pick<AlertOptions, 'openCount' | 'openWithin' | 'closeAfter' | 'coolDownMs'> &
  ReminderOptions;

export interface LimitOptions extends LimitLife {
  readonly limits: HardLimits;
}

export interface LimitContext {
  readonly streamId: string;
  readonly channels: readonly Channel[];
  /** Open alerts of this stream from an earlier run (`Store.openAlerts`): its limit alerts go on with the same ids. */
  readonly resume?: readonly Alert[];
}

export interface LimitCheck {
  /** States of alerts that change with a sample. A channel without a reading stays as it was. */
  check(sample: Sample): readonly Alert[];
  /** The stream has ended for good: closes open alerts. */
  finish(): readonly Alert[];
}

/** Throws `ConfigError` if limits name a channel that the stream does not have; each may be named with its unit or without. */
export function requireLimited(
  limits: HardLimits,
  { streamId, channels }: Pick<LimitContext, 'streamId' | 'channels'>,
): void {
  requireKnown('alerts.limits', limits, { streamId, channels }, formatChannel);
}

/**
 * Opens an alert of kind `limit` for each channel that is beyond its limit in `openCount` of its last `openWithin` readings;
 * it closes after `closeAfter` readings well within the limit and the cool-down. Alerts of limits that are no longer
 * configured close with the first sample. Throws as `requireLimited`.
 */
export function createLimitCheck(options: LimitOptions, context: LimitContext): LimitCheck {
  const { streamId, channels, resume = [] } = context;
  requireLimited(options.limits, context);
  const left = new Map(
    resume.flatMap((alert) => (alert.kind === 'limit' ? [[alert.channels[0]?.id, alert]] : [])),
  );
  const watched = Object.entries(options.limits).map(([name, limit]) => {
    const place = placeOf(name, channels);
    const channel = channels[place] as Channel; // it is known, see above
    const open = left.get(channel.id);
    left.delete(channel.id);
    return new LimitedChannel({ streamId, channel, place, limit, life: options, open });
  });
  let gone: readonly Alert[] = [...left.values()];
  return {
    check({ timeMs, values }) {
      const closed = gone.map(
        (alert) => ({ ...alert, state: 'closed', endMs: alert.timeMs }) as const,
      );
      gone = [];
      return [...closed, ...watched.flatMap((one) => one.take(timeMs, values) ?? [])];
    },
    finish: () => watched.flatMap((one) => one.finish() ?? []),
  };
}

function placeOf(name: string, channels: readonly Channel[]): number {
  const exact = channels.findIndex((channel) => formatChannel(channel) === name);
  return exact >= 0 ? exact : channels.findIndex(({ id }) => id === name);
}

interface Limited {
  readonly streamId: string;
  readonly channel: Channel;
  /** Of the channel, in a sample. */
  readonly place: number;
  readonly limit: HardLimit;
  readonly life: LimitLife;
  readonly open: Alert | undefined;
}

class LimitedChannel {
  readonly #setup: Limited;
  /** What an open alert would show now; its states are made of it. */
  #open: Life | undefined;
  #due: Reminders | undefined;
  /** Of the newest readings, whether each is beyond the limit. */
  #recent: readonly boolean[] = [];
  #sinceMs: number | undefined;
  #wellReadings = 0;
  #lastBeyondMs: number;

  constructor(setup: Limited) {
    const { open, life } = setup;
    this.#setup = setup;
    this.#open = open && lifeOf(open);
    this.#due = open && new Reminders(life, open.startMs, open.timeMs);
    this.#lastBeyondMs = open?.timeMs ?? 0;
  }

  take(timeMs: number, values: Float64Array): Alert | undefined {
    const value = values[this.#setup.place] as number;
    if (!Number.isFinite(value)) return undefined;
    const distance = distanceOf(value, this.#setup.limit);
    return this.#open
      ? this.#follow(this.#open, timeMs, value, distance)
      : this.#gather(timeMs, value, distance);
  }

  finish(): Alert | undefined {
    return this.#open && this.#close(this.#open);
  }

  #gather(timeMs: number, value: number, distance: Distance): Alert | undefined {
    const { openCount, openWithin } = this.#setup.life;
    if (timeMs < (this.#sinceMs ?? timeMs)) this.#recent = []; // the clock was set back
    this.#recent = [...this.#recent, distance.isBeyond].slice(-openWithin);
    const count = this.#recent.filter(Boolean).length;
    if (count === 0) this.#sinceMs = undefined;
    else if (distance.isBeyond) this.#sinceMs = Math.min(timeMs, this.#sinceMs ?? timeMs);
    const startMs = this.#sinceMs ?? timeMs;
    const isLong = timeMs - startMs >= 1000 * this.#setup.limit.forS;
    if (count < openCount || !isLong || !distance.isBeyond) return undefined;
    const { streamId, channel, life } = this.#setup;
    const id = `${alertId('limit', streamId, startMs)}-${channel.id.replace(/[^\w.-]/g, '_')}`;
    this.#lastBeyondMs = timeMs;
    this.#wellReadings = 0;
    this.#open = { id, startMs, timeMs, value, peak: distance.ratio };
    this.#due = new Reminders(life, startMs, timeMs);
    return this.#describe('opened', this.#open);
  }

  #follow(open: Life, timeMs: number, value: number, distance: Distance): Alert | undefined {
    const { closeAfter, coolDownMs } = this.#setup.life;
    this.#lastBeyondMs = Math.min(this.#lastBeyondMs, timeMs); // the clock may be set back
    this.#wellReadings = distance.isWell ? this.#wellReadings + 1 : 0;
    if (!distance.isWell) this.#lastBeyondMs = timeMs;
    open.timeMs = timeMs;
    open.value = value;
    open.peak = Math.max(open.peak, distance.ratio);
    if (this.#wellReadings >= closeAfter && timeMs - this.#lastBeyondMs >= coolDownMs) {
      return this.#close(open);
    }
    if (!distance.isBeyond || !this.#due?.isDue(timeMs)) return undefined;
    return { ...this.#describe('updated', open), reminder: true };
  }

  #close(open: Life): Alert {
    this.#open = undefined;
    this.#recent = [];
    this.#sinceMs = undefined;
    const timeMs = Math.max(open.timeMs, open.startMs);
    const endMs = Math.max(this.#lastBeyondMs, open.startMs);
    return { ...this.#describe('closed', open), timeMs, endMs };
  }

  #describe(state: AlertState, { id, startMs, timeMs, value, peak }: Life): Alert {
    const { streamId, channel, limit } = this.#setup;
    const { ratio, bound: level } = distanceOf(value, limit);
    return {
      ...{ id, kind: 'limit', streamId, state, severity: limit.severity },
      ...{ timeMs, startMs, endMs: null, score: ratio, peak, level },
      channels: [{ ...channel, share: 1, value, expected: null }],
      modelId: '',
      imputed: 0,
      evidence: { path: 'limit' },
    };
  }
}

/** An open alert at its newest reading. */
interface Life {
  readonly id: string;
  readonly startMs: number;
  timeMs: number;
  value: number;
  peak: number;
}

/** Of an alert that an earlier run left open. */
function lifeOf({ id, startMs, timeMs, peak, channels: [channel], level }: Alert): Life {
  return { id, startMs, timeMs, peak, value: channel?.value ?? level };
}

interface Distance {
  readonly isBeyond: boolean;
  readonly isWell: boolean;
  /** 1 at the bound, 2 as far beyond it as it is from 0; 0 within the limit. */
  readonly ratio: number;
  /** The bound that is nearest. */
  readonly bound: number;
}

function distanceOf(value: number, { above, below }: HardLimit): Distance {
  const over = above === undefined ? Number.NEGATIVE_INFINITY : value - above;
  const under = below === undefined ? Number.NEGATIVE_INFINITY : below - value;
  const bound = (over >= under ? above : below) as number; // one of them is given
  const beyond = Math.max(over, under);
  return {
    isBeyond: beyond > 0,
    isWell: beyond <= -HYSTERESIS * Math.abs(bound),
    ratio: beyond > 0 ? 1 + beyond / (Math.abs(bound) || 1) : 0,
    bound,
  };
}
