// One health alert for all channels that are missing, or stuck, at the same time.
import type { Alert, AlertChannel, AlertKind, Severity } from '../../core/alert.ts';
import type { Channel } from '../../core/sample.ts';
import { alertId } from './alert-id.ts';
import { type ReminderOptions, Reminders } from './reminders.ts';

/** A channel that is missing or stuck now. */
export interface Ailing {
  readonly channel: number;
  /** Start, Unix milliseconds. */
  readonly sinceMs: number;
  /** Its age over the limit, above 1. */
  readonly ratio: number;
  readonly limitMs: number;
}

export interface EpisodeContext {
  readonly kind: AlertKind;
  readonly streamId: string;
  readonly channels: readonly Channel[];
  readonly coolDownMs: number;
  readonly remind: ReminderOptions;
  /** Last reading of a channel; NaN = no reading. */
  readonly lastReading: (channel: number) => number;
  readonly severityOf: (affected: number) => Severity;
}

/**
 * Opens with the first channel, updates when more join, reminds while it is open, closes when all have been well for `coolDownMs`. It names every
 * affected channel, and ends with the recovery of the last one.
 */
export class Episode {
  readonly #context: EpisodeContext;
  #alert: Alert | undefined;
  #due: Reminders | undefined;
  #affected = new Set<number>();
  #lastIllMs = 0;

  constructor(context: EpisodeContext, left?: Alert) {
    this.#context = context;
    this.#alert = left;
    this.#due = left && new Reminders(context.remind, left.startMs, left.timeMs);
    this.#lastIllMs = left?.timeMs ?? 0;
    for (const [c, { id }] of context.channels.entries()) {
      if (left?.channels.some((channel) => channel.id === id)) this.#affected.add(c);
    }
  }

  step(timeMs: number, ailing: readonly Ailing[]): Alert | undefined {
    if (ailing.length > 0) return this.#tell(timeMs, ailing);
    if (!this.#alert) return undefined;
    // After the clock is set back, the alert must not stay open until the old time is reached again.
    this.#lastIllMs = Math.min(this.#lastIllMs, timeMs);
    if (timeMs - this.#lastIllMs < this.#context.coolDownMs) return undefined;
    return this.#close(this.#alert, timeMs);
  }

  /** The stream has ended: closes the alert with the last sample that was not well. */
  finish(): Alert | undefined {
    return this.#alert && this.#close(this.#alert, Math.max(this.#lastIllMs, this.#alert.timeMs));
  }

  #close(alert: Alert, timeMs: number): Alert {
    const closed: Alert = {
      ...alert,
      state: 'closed',
      timeMs: Math.max(timeMs, alert.startMs),
      endMs: Math.max(this.#lastIllMs, alert.startMs),
      score: 0,
      channels: this.#describe([]),
    };
    this.#alert = undefined;
    this.#due = undefined;
    this.#affected = new Set();
    return closed;
  }

  /** undefined unless the episode is new, has grown, or is due again. */
  #tell(timeMs: number, ailing: readonly Ailing[]): Alert | undefined {
    const before = this.#affected.size;
    for (const { channel } of ailing) this.#affected.add(channel);
    this.#lastIllMs = timeMs;
    const worst = ailing.reduce((a, b) => (b.ratio > a.ratio ? b : a));
    const peak = Math.max(worst.ratio, this.#alert?.peak ?? 0);
    const isGrown = !this.#alert || this.#affected.size > before;
    if (this.#alert && !isGrown) {
      this.#alert = { ...this.#alert, peak };
      if (!this.#due?.isDue(timeMs)) return undefined;
    }
    const { kind, streamId, severityOf, remind } = this.#context;
    const startMs =
      this.#alert?.startMs ?? Math.min(timeMs, ...ailing.map(({ sinceMs }) => sinceMs));
    const alert: Alert = {
      id: this.#alert?.id ?? alertId(kind, streamId, startMs),
      kind,
      streamId,
      state: this.#alert ? 'updated' : 'opened',
      severity: severityOf(this.#affected.size),
      timeMs,
      startMs,
      endMs: null,
      score: worst.ratio,
      peak,
      level: worst.limitMs,
      channels: this.#describe(ailing),
      modelId: 'health',
      imputed: 0,
    };
    this.#due ??= new Reminders(remind, startMs, timeMs);
    this.#alert = alert;
    return isGrown ? alert : { ...alert, reminder: true };
  }

  /** Missing channels have no value; all channels have equal shares. */
  #describe(ailing: readonly Ailing[]): AlertChannel[] {
    const { channels, kind, lastReading } = this.#context;
    const share = 1 / this.#affected.size;
    return channels.flatMap(({ id, unit }, c) => {
      if (!this.#affected.has(c)) return [];
      const silent = kind === 'data_missing' && ailing.some(({ channel }) => channel === c);
      const value = lastReading(c);
      return [
        { id, unit, share, value: silent || Number.isNaN(value) ? null : value, expected: null },
      ];
    });
  }
}
