// The channels of a series that have enough readings to learn from.
import type { Channel } from '../../core/sample.ts';
import { channelsAt, type Series } from '../../core/series.ts';
import type { ToldCounters } from '../../detection/windows/find-counters.ts';
import type { LessonNote, Model } from '../../models/model.ts';
import { sealModel } from '../../models/model-file.ts';

export interface Heard {
  readonly series: Series;
  /** Without enough readings to learn from. */
  readonly leftOut: readonly Channel[];
}

/**
 * Leaves out the channels without a reading in the older half of the rows: trainings hold back up to a third, the newest,
 * and fail when a channel has no reading before. The first `fixed` channels stay, and all do where none was read: then the
 * training says so.
 */
export function heardIn(series: Series, fixed = 0): Heard {
  const places = [...series.channels.keys()];
  const heard = places.filter((place) => place < fixed || isHeard(series, place));
  if (heard.length === places.length || heard.length === 0) return { series, leftOut: [] };
  return {
    series: channelsAt(series, heard),
    leftOut: series.channels.filter((_, place) => !heard.includes(place)),
  };
}

/** The counters among the present channels: others were left out, or have gone. */
export function countersIn({ channels }: Series, counters: ToldCounters): ToldCounters {
  const there = new Set(channels.map(({ id }) => id));
  return Object.fromEntries(Object.entries(counters).filter(([id]) => there.has(id)));
}

/** The model with a note of the channels that it leaves out, and of its lesson. */
export function withNotes(
  model: Model,
  leftOut: readonly Channel[],
  lesson: LessonNote | undefined,
): Promise<Model> {
  const notes = { ...(leftOut.length > 0 && { leftOut }), ...(lesson && { lesson }) };
  return Object.keys(notes).length === 0
    ? Promise.resolve(model)
    : sealModel({ ...model, ...notes });
}

function isHeard({ channels, timeMs, values }: Series, place: number): boolean {
  const half = Math.ceil(timeMs.length / 2);
  for (let row = 0; row < half; row++) {
    if (Number.isFinite(values[row * channels.length + place])) return true;
  }
  return false;
}
