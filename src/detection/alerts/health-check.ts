// Health checks of the data: channels without readings, and stuck channels.
import type { Alert, HealthCheck } from '../../core/alert.ts';
import type { Channel, Sample } from '../../core/sample.ts';
import { ChannelHealth } from './channel-health.ts';
import { requireKnown } from './deviation.ts';
import { type Ailing, Episode } from './episode.ts';
import type { HealthOptions } from './health-options.ts';
import type { ReminderOptions } from './reminders.ts';

export interface HealthContext {
  readonly streamId: string;
  readonly channels: readonly Channel[];
  /** Open alerts of this stream from an earlier run (`Store.openAlerts`): its health alerts continue with the same ids. */
  readonly resume?: readonly Alert[];
  /** When an open alert is sent again. */
  readonly remind: ReminderOptions;
}

/** A `HealthCheck` that can be ended. */
export interface HealthLife extends HealthCheck {
  /** The stream has ended for good: closes open alerts. Do not call it for a restart, which `resume` continues. */
  finish(): readonly Alert[];
}

const WELL: readonly Alert[] = [];

/**
 * `data_missing`: channels without a reading for longer than their max age; `score` is the age over it. `stuck`:
 * channels that used to change and rest on one value, other than 0, for longer than `stuckAfterMs`. At most one alert
 * of each kind is open. A silent stream has no samples and so no alert: the caller that waits for samples can pass samples
 * without readings instead. Throws `ConfigError` if limits name a channel the stream does not have.
 */
export function createHealthCheck(options: HealthOptions, context: HealthContext): HealthLife {
  requireKnown('health limits', options.channels, context);
  return new Watch(options, context);
}

class Watch implements HealthLife {
  readonly #health: ChannelHealth;
  readonly #missing: Episode;
  readonly #stuck: Episode;

  constructor(options: HealthOptions, { streamId, channels, resume = [], remind }: HealthContext) {
    const health = new ChannelHealth(options, channels);
    const leftOf = (kind: Alert['kind']) => resume.filter((alert) => alert.kind === kind).at(-1);
    const { coolDownMs } = options;
    const lastReading = (c: number) => health.value[c] as number;
    const shared = { streamId, channels, coolDownMs, remind, lastReading };
    const missing = leftOf('data_missing');
    const stuck = leftOf('stuck');
    for (const [c, { id }] of channels.entries()) {
      if (missing?.channels.some((channel) => channel.id === id)) health.presumeMissing(c);
      const left = stuck?.channels.find((channel) => channel.id === id);
      if (left && left.value !== null) health.presumeStuck(c, left.value);
    }
    const severityOf = (affected: number) =>
      affected === channels.length ? 'critical' : 'warning';
    this.#health = health;
    this.#missing = new Episode({ ...shared, kind: 'data_missing', severityOf }, missing);
    this.#stuck = new Episode({ ...shared, kind: 'stuck', severityOf: () => 'warning' }, stuck);
  }

  check(sample: Sample): readonly Alert[] {
    this.#health.take(sample);
    const missing = this.#missing.step(sample.timeMs, this.#missingNow());
    const stuck = this.#stuck.step(sample.timeMs, this.#stuckNow());
    return missing || stuck ? [missing, stuck].filter((alert) => alert !== undefined) : WELL;
  }

  finish(): readonly Alert[] {
    return [this.#missing.finish(), this.#stuck.finish()].filter((alert) => alert !== undefined);
  }

  #missingNow(): readonly Ailing[] {
    const { silentMs, maxAgeMs, readMs } = this.#health;
    return this.#ailing((c) => this.#health.isMissing(c), silentMs, maxAgeMs, readMs);
  }

  #stuckNow(): readonly Ailing[] {
    const { unchangedMs, stuckAfterMs, changedMs } = this.#health;
    return this.#ailing((c) => this.#health.isStuck(c), unchangedMs, stuckAfterMs, changedMs);
  }

  #ailing(
    isIll: (c: number) => boolean,
    ages: Float64Array,
    limits: Float64Array,
    since: Float64Array,
  ): readonly Ailing[] {
    const found: Ailing[] = [];
    for (let c = 0; c < ages.length; c++) {
      if (!isIll(c)) continue;
      const limitMs = limits[c] as number;
      const ratio = (ages[c] as number) / limitMs;
      found.push({ channel: c, sinceMs: since[c] as number, ratio, limitMs });
    }
    return found;
  }
}
