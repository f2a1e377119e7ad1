// What a stream has gathered to learn from: in memory, and on the disk for a start in between.
import { isDeepStrictEqual } from 'node:util';
import { type Exclusion, isExcluded } from '../../core/exclusion.ts';
import type { Channel, Sample } from '../../core/sample.ts';
import type { Series } from '../../core/series.ts';
import { openRowRing, type RowRing } from '../../io/rows/row-ring.ts';
import type { Stream } from '../compose/stream.ts';
import type { Watch } from './watch-context.ts';

const HOUR_MS = 3_600_000;
const MEGABYTE = 1e6;

export interface LessonSetup {
  readonly streamId: string;
  /** Rows that a lesson has at most. */
  readonly most: number;
  /** Rows older than the first new one by more are not gone on with, milliseconds. */
  readonly keepMs: number;
  /** Where rows of these channels are kept; undefined = they are not. */
  readonly ring: (channels: readonly Channel[]) => RowRing | undefined;
  /** Stretches that are no example of normal. */
  readonly exclusions: (fromMs: number, toMs: number) => readonly Exclusion[];
  /** Whether times can be relied on; rows of a clock that is not set are kept in memory alone. */
  readonly clockIsSet: () => boolean;
}

/** Outlives a source or a training that fails, and with its copy on the disk the daemon. */
export class LessonRows {
  readonly #setup: LessonSetup;
  #channels: readonly Channel[] | undefined;
  #ring: RowRing | undefined;
  #samples: Sample[] = [];

  constructor(setup: LessonSetup) {
    this.#setup = setup;
  }

  get count(): number {
    return this.#samples.length;
  }

  /** Goes on with the rows of the same channels, also with those that an earlier run of the daemon kept. */
  begin(channels: readonly Channel[], timeMs: number): void {
    if (this.#channels && isDeepStrictEqual(this.#channels, channels)) return;
    this.#ring?.flush();
    this.#ring = this.#setup.ring(channels);
    this.#samples = this.#ring ? this.#kept(this.#ring, channels.length, timeMs) : [];
    this.#channels = channels;
  }

  add(sample: Sample): void {
    this.#samples.push({ ...sample, values: sample.values.slice() });
    if (this.#setup.clockIsSet()) this.#ring?.add(sample.timeMs, sample.values);
  }

  /** After a training that these rows did not do for. */
  forgetOlderHalf(): void {
    this.#samples = this.#samples.slice(Math.ceil(this.#samples.length / 2));
  }

  /** In ascending time, as training needs it: late samples are put where they belong. */
  series(): Series {
    const channels = this.#channels ?? [];
    const sorted = [...this.#samples].sort((a, b) => a.timeMs - b.timeMs);
    const values = new Float64Array(sorted.length * channels.length);
    for (const [row, sample] of sorted.entries()) values.set(sample.values, row * channels.length);
    const timeMs = Float64Array.from(sorted, (sample) => sample.timeMs);
    return { id: this.#setup.streamId, channels, timeMs, values };
  }

  /** Writes what is not written yet. */
  flush(): void {
    this.#ring?.flush();
  }

  /** The lesson is over: its memory is needed no more, what is on the disk stays for the next training. */
  end(): void {
    this.flush();
    this.#ring = undefined;
    this.#channels = undefined;
    this.#samples = [];
  }

  #kept(ring: RowRing, width: number, beforeMs: number): Sample[] {
    const { streamId, most, keepMs, exclusions } = this.#setup;
    const { timeMs, values } = ring.newest(most);
    if (timeMs.length === 0) return [];
    const left = exclusions(timeMs[0] as number, timeMs.at(-1) as number);
    return Array.from(timeMs, (time, row) => ({
      streamId,
      timeMs: time,
      values: values.slice(row * width, (row + 1) * width),
    })).filter(
      ({ timeMs: time }) => time < beforeMs && time >= beforeMs - keepMs && !isExcluded(left, time),
    );
  }
}

/** Where the rows of a stream are kept for trainings; undefined where they are not. */
export function ringOf(
  { id, config, rowsPath }: Stream,
  channels: readonly Channel[],
  { log }: Pick<Watch, 'log'>,
): RowRing | undefined {
  const { keepHours, writeMbPerDay } = config.retrain;
  if (config.model !== undefined || keepHours === 0) return undefined;
  return openRowRing({
    folder: rowsPath,
    channels,
    keepMs: keepHours * HOUR_MS,
    bytesPerDay: writeMbPerDay * MEGABYTE,
    onFault: ({ message }) => log.warn({ streamId: id }, `rows are not kept: ${message}`),
  });
}
