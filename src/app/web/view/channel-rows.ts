// The values of channels for the charts of the page, in memory: of minutes, hours and days, each at its own resolution. They
// begin when the daemon does.
import type { Channel, ShownRow } from '../../../core/sample.ts';
import { round } from '../../../io/text/alert-payload.ts';

export interface ChannelRows {
  note(row: ShownRow): void;
  /** Those of the newest row first, in its order; then those that it does not have any more. */
  channels(streamId: string): readonly ChannelView[];
  /** Values of these channels within `hours` of the newest row; `hours` = 0 means minutes. */
  stretch(streamId: string, ids: readonly string[], hours: number): Stretch;
}

interface ChannelView {
  readonly id: string;
  readonly unit: string;
  /** The newest; null = no reading. */
  readonly value: number | null;
  /** Since when the stream has no such channel any more; null = it has it. */
  readonly goneMs: number | null;
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  /** When each step begins. */
  readonly timeMs: readonly number[];
  /** In the order that was asked for. */
  readonly channels: readonly {
    readonly id: string;
    /** null = the stream has no such channel, and had none within a week. */
    readonly unit: string | null;
    /** Lowest and highest value of each step; null = no reading. */
    readonly low: readonly (number | null)[];
    readonly high: readonly (number | null)[];
  }[];
}

/** As many as a plot of a phone has pixels for; the same as of scores. */
const STEPS = 300;
const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;
const MINUTES_MS = 300_000;
const SPANS_MS = [MINUTES_MS, HOUR_MS, 24 * HOUR_MS, WEEK_MS];
/** A row that is older than the newest by more means that the clock was set back, milliseconds; as for windows. */
const CLOCK_JUMP_MS = 10_000;

export function createChannelRows(): ChannelRows {
  const streams = new Map<string, StreamRows>();
  return {
    note(row) {
      let rows = streams.get(row.streamId);
      if (!rows || row.timeMs < rows.newestMs - CLOCK_JUMP_MS) {
        rows = new StreamRows();
        streams.set(row.streamId, rows);
      }
      rows.add(row);
    },
    channels: (streamId) => streams.get(streamId)?.views() ?? [],
    stretch: (streamId, ids, hours) =>
      (streams.get(streamId) ?? new StreamRows()).stretch(ids, hours),
  };
}

/** A channel with its extremes in each step of each span: 9.6 kB. */
interface Trace {
  readonly unit: string;
  readonly low: readonly Float32Array[];
  readonly high: readonly Float32Array[];
  value: number;
  lastMs: number;
}

class StreamRows {
  newestMs = 0;
  #channels: readonly Channel[] = [];
  /** Of `#channels`, in their order. */
  #present: readonly Trace[] = [];
  readonly #traces = new Map<string, Trace>();
  /** Number of the step that each place of a span holds. */
  readonly #steps = SPANS_MS.map(() => new Float64Array(STEPS).fill(-1));

  add({ timeMs, channels, values }: ShownRow): void {
    if (channels !== this.#channels) this.#take(channels);
    this.newestMs = Math.max(this.newestMs, timeMs);
    const places = SPANS_MS.map((spanMs, span) => this.#placeOf(span, spanMs, timeMs));
    for (const [c, trace] of this.#present.entries()) {
      const value = values[c] ?? Number.NaN;
      trace.value = value;
      trace.lastMs = timeMs;
      if (!Number.isFinite(value)) continue;
      for (const [span, place] of places.entries()) widen(trace, span, place, value);
    }
  }

  views(): ChannelView[] {
    const present = new Set(this.#channels.map(({ id }) => id));
    const gone = [...this.#traces.keys()].filter((id) => !present.has(id));
    return [...present, ...gone].flatMap((id) => {
      const trace = this.#traces.get(id);
      if (!trace) return [];
      const goneMs = present.has(id) ? null : trace.lastMs;
      return [{ id, unit: trace.unit, value: finite(trace.value), goneMs }];
    });
  }

  stretch(ids: readonly string[], hours: number): Stretch {
    const wantedMs = hours === 0 ? MINUTES_MS : hours * HOUR_MS;
    const span = SPANS_MS.findIndex((spanMs) => spanMs >= wantedMs);
    const spanMs = SPANS_MS[span] ?? MINUTES_MS;
    const stepMs = spanMs / STEPS;
    const steps = this.#steps[span] ?? new Float64Array();
    const oldest = (this.newestMs - wantedMs) / stepMs;
    const places = [...steps.keys()]
      .filter((place) => (steps[place] ?? -1) >= Math.max(0, oldest))
      .sort((a, b) => (steps[a] ?? 0) - (steps[b] ?? 0));
    const read = (values: Float32Array | undefined) =>
      places.map((place) => finite(values?.[place] ?? Number.NaN));
    return {
      fromMs: this.newestMs - wantedMs,
      toMs: this.newestMs,
      timeMs: places.map((place) => (steps[place] ?? 0) * stepMs),
      channels: ids.map((id) => {
        const trace = this.#traces.get(id);
        return {
          ...{ id, unit: trace?.unit ?? null },
          ...{ low: read(trace?.low[span]), high: read(trace?.high[span]) },
        };
      }),
    };
  }

  /** Channels that are gone stay for as long as the longest chart reaches. */
  #take(channels: readonly Channel[]): void {
    this.#channels = channels;
    for (const [id, { lastMs }] of this.#traces) {
      if (lastMs < this.newestMs - WEEK_MS) this.#traces.delete(id);
    }
    this.#present = channels.map(({ id, unit }) => {
      const known = this.#traces.get(id);
      const trace = known?.unit === unit ? known : traceOf(unit);
      this.#traces.set(id, trace);
      return trace;
    });
  }

  /** The place of a step; one that is used anew is emptied. */
  #placeOf(span: number, spanMs: number, timeMs: number): number {
    const step = Math.floor(timeMs / (spanMs / STEPS));
    const place = step % STEPS;
    const steps = this.#steps[span];
    if (steps && steps[place] !== step) {
      steps[place] = step;
      for (const { low, high } of this.#traces.values()) {
        if (low[span]) low[span][place] = Number.NaN;
        if (high[span]) high[span][place] = Number.NaN;
      }
    }
    return place;
  }
}

function traceOf(unit: string): Trace {
  const empty = () => SPANS_MS.map(() => new Float32Array(STEPS).fill(Number.NaN));
  return { unit, low: empty(), high: empty(), value: Number.NaN, lastMs: 0 };
}

function widen({ low, high }: Trace, span: number, place: number, value: number): void {
  const [lows, highs] = [low[span], high[span]];
  if (!lows || !highs) return;
  // NaN, the empty step, is neither lower nor higher than anything
  if (!((lows[place] as number) <= value)) lows[place] = value;
  if (!((highs[place] as number) >= value)) highs[place] = value;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? round(value) : null;
}
