// Runs a stream for as long as it is configured. A live stream that fails is run again, without end, with growing pauses.
import { KnownError } from '../../core/errors.ts';
import type { LimitCheck } from '../../detection/alerts/limits.ts';
import { type BackOff, createBackOff, pause } from '../../io/timing/back-off.ts';
import type { ComposedStages } from '../compose/compose.ts';
import { type Stream, withModelOfNow } from '../compose/stream.ts';
import { LessonRows, ringOf } from './lesson-rows.ts';
import { watchLimits } from './limit-watch.ts';
import { type LiveCare, type OpenedOnce, openOnce, withPossibleTimes } from './sample-way.ts';
import { type StreamFailure, streamFailure } from './stream-failure.ts';
import { watch } from './watch.ts';
import type { Watch } from './watch-context.ts';

/** Pauses between two attempts to run a stream, milliseconds. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 600_000;

/** After a longer run the pauses start again from the first, milliseconds. */
const STEADY_MS = LONGEST_PAUSE_MS;

const HOUR_MS = 3_600_000;

/**
 * Resolves when the source ends or the signal aborts. A stream without a model learns first. Rejects with a bug, and with a
 * `KnownError` after the end of the source, as of every recording: another attempt would get no samples.
 */
export async function supervise(
  stream: Stream,
  stages: ComposedStages | undefined,
  context: Watch,
  backOff: BackOff = createBackOff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS),
): Promise<void> {
  const supervisor = new Supervisor(stream, context, backOff);
  try {
    if (stream.source.live) await supervisor.tryForEver(stages);
    else await supervisor.attempt(stages);
  } finally {
    await supervisor.end();
  }
}

class Supervisor {
  readonly #context: Watch;
  readonly #backOff: BackOff;
  readonly #failure: StreamFailure;
  readonly #lesson: LessonRows;
  readonly #limits: LimitCheck;
  readonly #opened: OpenedOnce;
  /** With its current model. */
  #stream: Stream;
  #failures = 0;
  /** When the first row of the last attempt had passed, on the monotonic clock. */
  #runsSinceMs = Number.POSITIVE_INFINITY;

  constructor(stream: Stream, context: Watch, backOff: BackOff) {
    this.#stream = stream;
    this.#context = context;
    this.#backOff = backOff;
    this.#failure = streamFailure(stream.id, context, { remind: stream.config.alerts });
    this.#lesson = lessonOf(stream, context);
    this.#limits = watchLimits(stream, context.dispatcher);
    const warn = (message: string): void => context.log.warn({ streamId: stream.id }, message);
    this.#opened = openOnce(withPossibleTimes(stream.source, warn), context.signal, {
      care: stream.source.live ? careOf(stream, context) : undefined,
      passed: () => this.#passed(),
    });
  }

  async tryForEver(first: ComposedStages | undefined): Promise<void> {
    const { signal, log } = this.#context;
    let stages = first;
    while (!signal.aborted) {
      try {
        if (!(await this.attempt(stages))) return;
      } catch (error) {
        if (signal.aborted || this.#opened.ended() || !(error instanceof KnownError)) throw error;
        await this.#pauseAfter(error);
      }
      stages = undefined;
      this.#stream = await withModelOfNow(this.#stream, log);
    }
  }

  /** Returns whether the stream is to run again with another model; false = its source has ended, or it was stopped. */
  async attempt(stages: ComposedStages | undefined): Promise<boolean> {
    const restart = new AbortController();
    const signal = AbortSignal.any([this.#context.signal, restart.signal]);
    this.#runsSinceMs = Number.POSITIVE_INFINITY;
    await watch(
      {
        stream: this.#stream,
        source: this.#opened.source,
        stages,
        limits: this.#limits,
        lesson: this.#lesson,
        learnt: (model) => {
          this.#stream = { ...this.#stream, model };
        },
        restart: () => restart.abort(),
      },
      { ...this.#context, signal },
    );
    return restart.signal.aborted;
  }

  async end(): Promise<void> {
    const { problems } = this.#context.dispatcher.daemonControl;
    this.#failure.end();
    this.#lesson.flush();
    for (const what of ['model', 'left-out', 'lesson', 'rows', 'retrain']) {
      problems.clear(`${what}:${this.#stream.id}`);
    }
    await this.#opened.close();
  }

  #passed(): void {
    if (this.#runsSinceMs === Number.POSITIVE_INFINITY) this.#runsSinceMs = performance.now();
    this.#failure.clear();
  }

  async #pauseAfter(error: KnownError): Promise<void> {
    if (performance.now() - this.#runsSinceMs > STEADY_MS) {
      this.#failures = 0;
      this.#backOff.reset();
    }
    this.#failures += 1;
    const pauseMs = Math.round(this.#backOff.nextMs());
    this.#failure.raise(error, this.#failures, pauseMs);
    await pause(pauseMs, this.#context.signal);
  }
}

function lessonOf(stream: Stream, context: Watch): LessonRows {
  const { id: streamId, config } = stream;
  return new LessonRows({
    streamId,
    most: Math.ceil(config.learn.rows * config.learn.longest),
    keepMs: config.retrain.keepHours * HOUR_MS,
    // a recording can be read again
    ring: (channels) => (stream.source.live ? ringOf(stream, channels, context) : undefined),
    exclusions: (fromMs, toMs) => context.dispatcher.exclusions(streamId, fromMs, toMs),
    clockIsSet: context.clockIsSet,
  });
}

/** Pauses between two attempts to open a live source, milliseconds. */
const FIRST_REOPENING_MS = 1000;
const LONGEST_REOPENING_MS = 60_000;

/** Reopens the source of a live stream; a long wait for a row is a problem in health until the next row. */
function careOf(stream: Stream, { dispatcher, log }: Pick<Watch, 'dispatcher' | 'log'>): LiveCare {
  const { id: streamId } = stream;
  const { problems } = dispatcher.daemonControl;
  const key = `rows:${streamId}`;
  const silentMs = longestWaitMs(stream);
  let lost: string | undefined;
  let isSilent = false;
  const silent = (): void => {
    isSilent = true;
    const cause = lost ?? 'its source is open and sends nothing: is the device connected and on?';
    problems.raise(key, `stream '${streamId}' has had no row for ${silentMs / 1000} s: ${cause}`);
  };
  return {
    backOff: createBackOff(FIRST_REOPENING_MS, LONGEST_REOPENING_MS),
    lost({ message, errorCode }, pauseMs) {
      log.warn({ streamId, pauseMs, errorCode }, `source lost: ${message}`);
      lost = message;
      if (isSilent) silent();
    },
    ...(silentMs > 0 && { silentMs }),
    silent,
    arrived() {
      lost = undefined;
      if (isSilent) problems.clear(key);
      isSilent = false;
    },
  };
}

/** Least wait for a row that is a problem, milliseconds ... */
const SILENT_MS = 60_000;
/** ... and in rows, of the grid or of the source. */
const SILENT_ROWS = 5;
/** Node fires timers that are longer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** 0 = no wait is a problem: the user has switched off the check for missing channels. */
function longestWaitMs({ config, model }: Stream): number {
  const { maxAgeMs, channels } = config.health;
  const ages = [maxAgeMs, ...Object.values(channels).map((limits) => limits.maxAgeMs ?? 0)];
  const longest = Math.max(...ages);
  if (longest === 0) return 0;
  const gridMs = model?.intervalMs ?? config.learn.intervalMs;
  const { intervalMs: ownMs } = config.source; // a source that polls may be slower than the grid
  const intervalMs = typeof ownMs === 'number' ? Math.max(gridMs, ownMs) : gridMs;
  return Math.min(LONGEST_TIMER_MS, Math.max(SILENT_MS, SILENT_ROWS * intervalMs, longest));
}
