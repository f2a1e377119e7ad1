// The rows of a stream for its first training: in memory, and on the disk so that a restart continues with them.
import { isDeepStrictEqual } from 'node:util';
import type { Channel, Sample } from '../../core/sample.ts';
import { type Exclusion, isExcluded, type Series } from '../../core/series.ts';
import { openRowRing, type RowRing } from '../../io/rows/row-ring.ts';
import type { Stream } from '../compose/stream.ts';
import type { Watch } from './watch-context.ts';

const HOUR_MS = 3_600_000;
const MEGABYTE = 1e6;

export interface LessonSetup {
  readonly streamId: string;
  /** Most rows of a lesson. */
  readonly most: number;
  /** Rows of an earlier run that are older than the first new row by more are not used, milliseconds. */
  readonly keepMs: number;
  /** Keeps rows of these channels; undefined = they are not kept. */
  readonly ring: (channels: readonly Channel[]) => RowRing | undefined;
  /** Stretches that training leaves out. */
  readonly exclusions: (fromMs: number, toMs: number) => readonly Exclusion[];
  /** Whether the clock is set; rows of a clock that is not are kept in memory only. */
  readonly clockIsSet: () => boolean;
}

/** The rows survive a failure of source or training, and through the copy on the disk a restart of the daemon. */
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

  /** Continues with the rows of the same channels, also with those that an earlier run of the daemon kept. */
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

  /** To be called after a training that could not use the rows. */
  forgetOlderHalf(): void {
    this.#samples = this.#samples.slice(Math.ceil(this.#samples.length / 2));
  }

  /** Sorted by time, as training needs it: samples may come late. */
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

  /** The lesson is over: frees its memory. The rows on the disk stay for the next training. */
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

/** The rows of a stream on the disk, for trainings; undefined = none are kept. */
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
