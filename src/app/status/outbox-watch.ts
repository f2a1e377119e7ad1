// What is wrong with the outbox: alerts that a sink cannot send, alerts of removed sinks, and sinks that fail because of a bug.
import { StoreError } from '../../core/errors.ts';
import type { Sink } from '../../core/sink.ts';
import type { Backlog, Store } from '../../core/store.ts';
import type { Problems } from './problems.ts';

type RunningSink = Pick<Sink, 'id' | 'test'>;

export interface OutboxWatch {
  /** Sinks were opened: `wake` has them look for something to send. */
  begin(wake: () => void, opened?: readonly RunningSink[]): void;
  /** Those that were opened last. */
  sinks(): readonly RunningSink[];
  /** Entries were put back, moved or dropped. */
  changed(): void;
  /** What waits, as last known while the store cannot be read. Brings the problems up to date. */
  look(): Backlog;
  /** A sink fails because of a bug. Over when it has sent something, or has nothing to send. */
  broken(sinkId: string, message: string): void;
  /** An attempt of a sink has failed: a problem if all have failed for a while. */
  failing(sinkId: string, message: string): void;
  /** A sink has sent something. */
  works(sinkId: string): void;
}

/** A receiver may be restarted or updated before its absence is a problem, ms. */
const PATIENCE_MS = 600_000;

export interface OutboxWatchParts {
  readonly store: Pick<Store, 'backlog'>;
  readonly problems: Pick<Problems, 'raise' | 'clear'>;
  /** Those that are configured. */
  readonly sinkIds: () => readonly string[];
  /** A clock that is never set, milliseconds; default: that of the process. */
  readonly clock?: () => number;
}

export function watchOutbox(parts: OutboxWatchParts): OutboxWatch {
  const { store, problems, sinkIds, clock = () => performance.now() } = parts;
  let known: Backlog = { waiting: {}, setAside: {}, dropped: 0 };
  let raised: ReadonlyMap<string, string> = new Map();
  let wakeSinks = (): void => undefined;
  let running: readonly RunningSink[] = [];
  /** Sinks that fail, and since when. */
  const faulty = new Map<string, number>();
  const works = (sinkId: string): void => {
    if (faulty.delete(sinkId)) problems.clear(`sink:${sinkId}`);
  };
  const look = (): Backlog => {
    known = backlogOf(store) ?? known;
    const ids = sinkIds();
    const found = new Map(problemsIn(known, ids));
    for (const key of raised.keys()) if (!found.has(key)) problems.clear(key);
    for (const [key, message] of found) problems.raise(key, message);
    raised = found;
    const idle = [...faulty.keys()].filter((id) => !ids.includes(id) || !known.waiting[id]);
    for (const id of idle) works(id);
    return known;
  };
  const begin = (wake: () => void, opened: readonly RunningSink[] = []): void => {
    wakeSinks = wake;
    running = opened;
    look();
  };
  return {
    begin,
    sinks: () => running,
    changed() {
      look();
      wakeSinks();
    },
    look,
    broken(sinkId, message) {
      if (!faulty.has(sinkId)) faulty.set(sinkId, clock());
      problems.raise(
        `sink:${sinkId}`,
        `sink '${sinkId}' fails because of a bug, its alerts wait: ${message}`,
      );
    },
    failing(sinkId, message) {
      const sinceMs = faulty.get(sinkId) ?? clock();
      faulty.set(sinkId, sinceMs);
      if (clock() - sinceMs < PATIENCE_MS) return;
      problems.raise(
        `sink:${sinkId}`,
        `sink '${sinkId}' has sent nothing for more than ${PATIENCE_MS / 60_000} minutes, its alerts wait: ${message}`,
      );
    },
    works,
  };
}

/** undefined while the store cannot be read; it has an alert of its own for that. */
function backlogOf(store: Pick<Store, 'backlog'>): Backlog | undefined {
  try {
    return store.backlog();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return undefined;
  }
}

function problemsIn(
  { waiting, setAside }: Backlog,
  sinkIds: readonly string[],
): readonly [key: string, message: string][] {
  const ids = [...new Set([...Object.keys(waiting), ...Object.keys(setAside)])];
  return ids.flatMap((id) => {
    const aside = setAside[id] ?? 0;
    const message = sinkIds.includes(id)
      ? messageOfAside(id, aside)
      : messageOfStranded(id, aside + (waiting[id] ?? 0));
    return message === undefined ? [] : [[`outbox:${id}`, message]];
  });
}

function messageOfStranded(sinkId: string, count: number): string {
  const [states, wait, them] = counted(count, 'waits', 'wait');
  return `${states} ${wait} for sink '${sinkId}', which is not configured: sentigon ctl outbox moves or drops ${them}`;
}

function messageOfAside(sinkId: string, count: number): string | undefined {
  if (count === 0) return undefined;
  const [states, were, them] = counted(count, 'was', 'were');
  return `${states} ${were} set aside, sink '${sinkId}' cannot send ${them}: sentigon ctl outbox lists ${them}`;
}

/** The number of alert states, with verb and pronoun to match. */
function counted(count: number, one: string, many: string): readonly [string, string, string] {
  return count === 1 ? ['1 alert state', one, 'it'] : [`${count} alert states`, many, 'them'];
}
