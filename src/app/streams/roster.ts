// The streams that run, each a task of its own that can be ended without the others.
import { KnownError } from '../../core/errors.ts';
import { atMost } from '../../io/at-most.ts';
import type { ComposedStages } from '../compose.ts';
import { prepare } from './prepare.ts';
import type { Stream } from './stream.ts';
import { supervise } from './supervise.ts';
import type { Watch } from './watch-context.ts';

export interface Roster {
  /**
   * Ends some streams and then starts others. Throws before it ends any when one does not fit its model, or when what
   * has to come before fails.
   */
  exchange(
    stop: readonly string[],
    start: readonly Stream[],
    before?: () => Promise<void>,
  ): Promise<void>;
  /**
   * Resolves when all streams have ended or the signal aborts. Rejects at once with a bug, and with the first
   * `KnownError` of a stream when all have ended by themselves; until then the others go on.
   */
  over(): Promise<void>;
  /** Tells all streams to end, and waits for them a moment. */
  close(): Promise<void>;
  /** Ids of the streams that have not ended. */
  running(): readonly string[];
}

/** What streams that have been told to stop may take to do so; one that hangs must not cost the flush. */
const STOPPING_MS = 750;

interface Task {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

export function createRoster({ signal, ...context }: Watch): Roster {
  const tasks = new Map<string, Task>();
  const failures = new Map<string, Error>();
  const forget = (streamId: string): void => {
    failures.delete(streamId);
    context.outlet.desk.problems.clear(problemOf(streamId));
  };
  let exchanging = false;
  let settle: () => void = () => undefined;
  const isOver = (): boolean => signal.aborted || (tasks.size === 0 && !exchanging);

  const begin = (stream: Stream, stages: ComposedStages | undefined): void => {
    const stop = new AbortController();
    forget(stream.id);
    const until = AbortSignal.any([signal, stop.signal]);
    const done = supervise(stream, stages, { ...context, signal: until }).catch(
      (error: unknown) => {
        if (until.aborted && error === until.reason) return; // stopped while it learnt
        failures.set(stream.id, error as Error);
        // alone, it ends the daemon and is said then
        if (error instanceof KnownError && tasks.size > 1) tell(stream.id, error, context);
      },
    );
    const task = { stop, done };
    tasks.set(stream.id, task);
    void done.then(() => {
      if (tasks.get(stream.id) === task) tasks.delete(stream.id);
      settle();
    });
  };
  return {
    async exchange(stop, start, before) {
      const prepared = start.map((stream) => stagesOf(stream, context));
      await before?.();
      exchanging = true;
      try {
        await end(stop.flatMap((id) => tasks.get(id) ?? []));
        for (const id of stop) {
          tasks.delete(id);
          forget(id);
        }
        if (signal.aborted) return;
        for (const [index, stream] of start.entries()) {
          // what a stream has learnt until it was stopped is known only now
          const again = stop.includes(stream.id);
          begin(stream, again ? stagesOf(stream, context) : prepared[index]);
        }
      } finally {
        exchanging = false;
        settle();
      }
    },
    async over() {
      await new Promise<void>((resolve) => {
        settle = () => {
          if (isOver() || [...failures.values()].some(isBug)) resolve();
        };
        signal.addEventListener('abort', settle, { once: true });
        settle();
      });
      const [first] = failures.values();
      // who stops the daemon was told of the others when they failed
      const failure = [...failures.values()].find(isBug) ?? (signal.aborted ? undefined : first);
      if (failure) throw failure;
    },
    close: () => end([...tasks.values()]),
    running: () => [...tasks.keys()],
  };
}

async function end(stopped: readonly Task[]): Promise<void> {
  for (const { stop } of stopped) stop.abort();
  await atMost(STOPPING_MS, Promise.all(stopped.map(({ done }) => done)));
}

function stagesOf(stream: Stream, context: Omit<Watch, 'signal'>): ComposedStages | undefined {
  return stream.model && prepare(stream, stream.model, context);
}

function tell(streamId: string, error: KnownError, { outlet, log }: Omit<Watch, 'signal'>): void {
  log.error({ streamId, code: error.code }, error.message);
  outlet.desk.problems.raise(
    problemOf(streamId),
    `stream '${streamId}' has ended: ${error.message}`,
  );
}

/** Of a stream that has ended with a fault while others go on. */
function problemOf(streamId: string): string {
  return `ended:${streamId}`;
}

function isBug(error: Error): boolean {
  return !(error instanceof KnownError);
}
