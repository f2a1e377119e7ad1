// Hard limits of single channels: alerts that need no model, so that they work before anything is learnt.
import type { Alert, AlertState } from '../../core/alert.ts';
import { ConfigError } from '../../core/errors.ts';
import type { Channel, Sample } from '../../core/sample.ts';
import { alertId } from './alert-id.ts';
import type { AlertOptions } from './alert-options.ts';
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
  { channels }: Pick<LimitContext, 'channels'>,
  streamId: string,
): void {
  const unknown = Object.keys(limits).filter((name) => placeOf(name, channels) < 0);
  if (unknown.length === 0) return;
  const known = channels.map(named).join(', ');
  throw new ConfigError(
    `alerts.limits name ${unknown.join(', ')}, which stream '${streamId}' does not have: choose from ${known}`,
    { code: 'SEN_CFG_UNKNOWN_CHANNEL' },
  );
}

/**
 * Opens an alert of kind `limit` for each channel that is beyond its limit in `openCount` of its last `openWithin` readings;
 * it closes after `closeAfter` readings well within the limit and the cool-down. Alerts of limits that are no longer
 * configured close with the first sample. Throws as `requireLimited`.
 */
export function createLimitCheck(options: LimitOptions, context: LimitContext): LimitCheck {
  const { streamId, channels, resume = [] } = context;
  requireLimited(options.limits, context, streamId);
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
  const exact = channels.findIndex((channel) => named(channel) === name);
  return exact >= 0 ? exact : channels.findIndex(({ id }) => id === name);
}

function named({ id, unit }: Channel): string {
  return unit === '' ? id : `${id}[${unit}]`;
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
  readonly #reminders: (alert: Alert) => Reminders;
  #open: Alert | undefined;
  #due: Reminders | undefined;
  /** Of the newest readings, whether each is beyond the limit. */
  #recent: readonly boolean[] = [];
  #sinceMs: number | undefined;
  #wellReadings = 0;
  #lastBeyondMs: number;

  constructor(setup: Limited) {
    this.#setup = setup;
    this.#reminders = ({ startMs, timeMs }) => new Reminders(setup.life, startMs, timeMs);
    this.#open = setup.open;
    this.#due = setup.open && this.#reminders(setup.open);
    this.#lastBeyondMs = setup.open?.timeMs ?? 0;
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
    return this.#open && this.#close(this.#open, this.#open.timeMs);
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
    const { streamId, channel } = this.#setup;
    const id = `${alertId('limit', streamId, startMs)}-${channel.id.replace(/[^\w.-]/g, '_')}`;
    this.#lastBeyondMs = timeMs;
    this.#wellReadings = 0;
    this.#open = this.#describe('opened', { id, startMs, timeMs, value, peak: distance.ratio });
    this.#due = this.#reminders(this.#open);
    return this.#open;
  }

  #follow(open: Alert, timeMs: number, value: number, distance: Distance): Alert | undefined {
    const { closeAfter, coolDownMs } = this.#setup.life;
    this.#lastBeyondMs = Math.min(this.#lastBeyondMs, timeMs); // the clock may be set back
    this.#wellReadings = distance.isWell ? this.#wellReadings + 1 : 0;
    if (!distance.isWell) this.#lastBeyondMs = timeMs;
    const peak = Math.max(open.peak, distance.ratio);
    const now = { id: open.id, startMs: open.startMs, timeMs, value, peak };
    this.#open = this.#describe('updated', now);
    if (this.#wellReadings >= closeAfter && timeMs - this.#lastBeyondMs >= coolDownMs) {
      return this.#close(this.#open, timeMs);
    }
    return distance.isBeyond && this.#due?.isDue(timeMs)
      ? { ...this.#open, reminder: true }
      : undefined;
  }

  #close(open: Alert, timeMs: number): Alert {
    this.#open = undefined;
    this.#recent = [];
    this.#sinceMs = undefined;
    const endMs = Math.max(this.#lastBeyondMs, open.startMs);
    return { ...open, state: 'closed', timeMs: Math.max(timeMs, open.startMs), endMs };
  }

  #describe(state: AlertState, { id, startMs, timeMs, value, peak }: Now): Alert {
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

interface Now {
  readonly id: string;
  readonly startMs: number;
  readonly timeMs: number;
  readonly value: number;
  readonly peak: number;
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
