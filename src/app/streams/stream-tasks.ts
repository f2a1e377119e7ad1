// The running streams, each as a task that can be ended without the others.
import { KnownError } from '../../core/errors.ts';
import { doneWithin } from '../../core/race.ts';
import type { ComposedStages } from '../compose/compose.ts';
import { type Stream, withModelOfNow } from '../compose/stream.ts';
import { problemsOfRun, type RunProblems } from '../status/problems.ts';
import { prepare } from './prepare.ts';
import { streamFailure } from './stream-failure.ts';
import { supervise } from './stream-supervisor.ts';
import type { Watch } from './watch-context.ts';

export interface StreamTasks {
  /**
   * Ends some streams and then starts others. Throws before it ends any when a stream does not fit its model, or when
   * `before` fails.
   */
  exchange(
    stop: readonly string[],
    start: readonly Stream[],
    before?: () => Promise<void>,
  ): Promise<void>;
  /**
   * Resolves when all streams have ended or the signal aborts. Rejects at once with a bug. When all streams have ended by
   * themselves, rejects with the first `KnownError` of a stream; until then the others go on.
   */
  over(): Promise<void>;
  /** Stops all streams, and waits for them a moment. No stream starts afterwards. */
  close(): Promise<void>;
  /** Ids of the streams that have not ended. */
  running(): readonly string[];
}

/** Longest wait for streams that were stopped; a stream that hangs must not prevent the flush of the store. */
const STOPPING_MS = 750;

interface Task {
  readonly stop: AbortController;
  readonly problems: RunProblems;
  readonly done: Promise<void>;
}

export function createStreamTasks(watch: Watch): StreamTasks {
  return new Tasks(watch);
}

class Tasks implements StreamTasks {
  readonly #signal: AbortSignal;
  readonly #context: Omit<Watch, 'signal'>;
  readonly #tasks = new Map<string, Task>();
  readonly #failures: Failures;
  /** During an exchange the end of the last stream does not end the daemon. */
  #exchanging = false;
  #closed = false;
  #settle: () => void = () => undefined;

  constructor({ signal, ...context }: Watch) {
    this.#signal = signal;
    this.#context = context;
    this.#failures = new Failures(context);
  }

  async exchange(
    stop: readonly string[],
    start: readonly Stream[],
    before?: () => Promise<void>,
  ): Promise<void> {
    const prepared = start.map((stream) => stagesOf(stream, this.#context));
    this.#exchanging = true;
    try {
      await before?.();
      await end(stop.flatMap((id) => this.#tasks.get(id) ?? []));
      if (this.#isEnding()) return;
      for (const id of stop) this.#forget(id);
      for (const id of stop.filter((one) => start.every((stream) => stream.id !== one))) {
        streamFailure(id, this.#context).clear();
      }
      for (const [index, stream] of start.entries()) {
        if (stop.includes(stream.id)) await this.#beginAgain(stream);
        else this.#begin(stream, prepared[index]);
      }
    } finally {
      this.#exchanging = false;
      this.#settle();
    }
  }

  async over(): Promise<void> {
    const isOver = (): boolean =>
      this.#signal.aborted || (this.#tasks.size === 0 && !this.#exchanging);
    await new Promise<void>((resolve) => {
      this.#settle = () => {
        if (isOver() || this.#failures.bug()) resolve();
      };
      this.#signal.addEventListener('abort', this.#settle, { once: true });
      this.#settle();
    });
    const failure =
      this.#failures.bug() ?? (this.#signal.aborted ? undefined : this.#failures.first());
    if (failure) throw failure;
  }

  close(): Promise<void> {
    this.#closed = true;
    return end([...this.#tasks.values()]);
  }

  running(): readonly string[] {
    return [...this.#tasks.keys()];
  }

  /** With the model that it may have learnt after its configuration was read. */
  async #beginAgain(stream: Stream): Promise<void> {
    this.#begin(await withModelOfNow(stream, this.#context.log), undefined);
  }

  #begin(stream: Stream, stages: ComposedStages | undefined): void {
    if (this.#isEnding()) return;
    const { id } = stream;
    const stop = new AbortController();
    this.#failures.forget(id);
    const { dispatcher } = this.#context;
    const problems = problemsOfRun(dispatcher.daemonControl.problems);
    const own = {
      ...this.#context,
      dispatcher: { ...dispatcher, daemonControl: { ...dispatcher.daemonControl, problems } },
    };
    const done = endOf(stream, stages, own, [this.#signal, stop.signal]).then((error) => {
      const othersGoOn = this.#tasks.size > 1;
      if (error) this.#failures.add(id, error, othersGoOn);
      else if (othersGoOn && !stop.signal.aborted && !this.#signal.aborted) {
        reportEnd(stream, this.#context);
      }
      if (this.#tasks.get(id) === task) this.#tasks.delete(id);
      this.#settle();
    });
    const task = { stop, problems, done };
    this.#tasks.set(id, task);
  }

  /** One that hangs may end at any time, when its problems are those of its successor. */
  #forget(id: string): void {
    this.#tasks.get(id)?.problems.release();
    this.#tasks.delete(id);
    this.#failures.forget(id);
  }

  #isEnding(): boolean {
    return this.#signal.aborted || this.#closed;
  }
}

/** The error that a stream has ended with, unless its stop caused it. */
async function endOf(
  stream: Stream,
  stages: ComposedStages | undefined,
  context: Omit<Watch, 'signal'>,
  [all, one]: readonly [AbortSignal, AbortSignal],
): Promise<Error | undefined> {
  const signal = AbortSignal.any([all, one]);
  try {
    await supervise(stream, stages, { ...context, signal });
    return undefined;
  } catch (error) {
    const isStop = signal.aborted && error === signal.reason;
    return isStop || (one.aborted && error instanceof KnownError) ? undefined : (error as Error);
  }
}

async function end(stopped: readonly Task[]): Promise<void> {
  for (const { stop } of stopped) stop.abort();
  await doneWithin(STOPPING_MS, Promise.all(stopped.map(({ done }) => done)));
}

function stagesOf(stream: Stream, context: Omit<Watch, 'signal'>): ComposedStages | undefined {
  return stream.model && prepare(stream, stream.model, context);
}

/** The errors that streams have ended with. */
class Failures {
  readonly #context: Pick<Watch, 'dispatcher' | 'log'>;
  readonly #errors = new Map<string, Error>();

  constructor(context: Pick<Watch, 'dispatcher' | 'log'>) {
    this.#context = context;
  }

  /** Reports the error while other streams go on; the error of the last one ends the daemon, which prints it. */
  add(streamId: string, error: Error, othersGoOn: boolean): void {
    this.#errors.set(streamId, error);
    if (!(error instanceof KnownError && othersGoOn)) return;
    const { dispatcher, log } = this.#context;
    log.error({ streamId, code: error.code, errorCode: error.errorCode }, error.message);
    dispatcher.daemonControl.problems.raise(
      problemOf(streamId),
      `stream '${streamId}' has ended: ${error.message}`,
    );
  }

  forget(streamId: string): void {
    this.#errors.delete(streamId);
    this.#context.dispatcher.daemonControl.problems.clear(problemOf(streamId));
  }

  /** Not to be thrown when the daemon is stopped: it was reported when it happened. */
  first(): Error | undefined {
    return [...this.#errors.values()][0];
  }

  bug(): Error | undefined {
    return [...this.#errors.values()].find((error) => !(error instanceof KnownError));
  }
}

/** The end of a live source is a problem; a recording is meant to end. */
function reportEnd({ id, source }: Stream, { dispatcher }: Pick<Watch, 'dispatcher'>): void {
  if (!source.live) return;
  dispatcher.daemonControl.ended(id);
  dispatcher.daemonControl.problems.raise(
    problemOf(id),
    `stream '${id}' is no longer watched: its source has ended, e.g. because a pipe was closed; restart the daemon to open it again`,
  );
}

/** Key of the problem that a stream has ended while others go on. */
function problemOf(streamId: string): string {
  return `ended:${streamId}`;
}
