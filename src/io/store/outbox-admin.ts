// Repairs of the outbox by a person: list, retry, move and drop entries.
import type { Outbox } from '../../core/store.ts';
import { readAlert } from './alerts.ts';
import type { HistoryFile } from './history-file.ts';
import type { EntryRow, Statements } from './statements.ts';

export interface OutboxParts {
  readonly file: Pick<HistoryFile, 'run'>;
  /** Wall clock, Unix milliseconds. */
  readonly now: () => number;
  /** Time since waiting was last counted, milliseconds: new entries start below 0 by it. */
  readonly uncountedMs: () => number;
}

export function createOutbox({ file, now, uncountedMs }: OutboxParts): Outbox {
  /** In one transaction. */
  const change = (work: (statements: Statements) => number): number =>
    file.run((statements, db) => db.transaction(() => work(statements)).immediate());
  /** Entries that are put back start to wait anew. */
  const putBack = (statements: Statements, entries: readonly EntryRow[]): void => {
    const [waitedMs, queuedMs] = [-uncountedMs(), Math.round(now())];
    for (const { sink, sequence } of entries) statements.putBack.run(sink, waitedMs, sequence);
    for (const { sink, sequence } of newestOf(statements, entries)) {
      statements.queue.run(sink, sequence, queuedMs, waitedMs);
    }
  };
  return {
    queues: () =>
      file.run((statements) => {
        const aside = statements.aside.all();
        return statements.queues.all().map(({ sink, waiting, oldestMs }) => ({
          sinkId: sink,
          waiting,
          oldestMs,
          setAside: aside
            .filter((row) => row.sink === sink)
            .map((row) => ({
              sequence: row.sequence,
              alertId: row.id,
              streamId: row.stream,
              state: row.state,
              queuedMs: row.queued_ms,
              reason: row.set_aside,
            })),
        }));
      }),
    retry: (which) =>
      change((statements) => {
        const entries =
          'sinkId' in which
            ? statements.asideOf.all(which.sinkId)
            : statements.asideAt.all(which.sequence);
        putBack(statements, entries);
        return entries.length;
      }),
    move: (fromSinkId, toSinkId) =>
      change((statements) => {
        const entries = statements.entriesOf.all(fromSinkId);
        const moved = entries
          .filter(({ alert }) => statements.isQueued.get(toSinkId, alert) === undefined)
          .map((entry) => ({ ...entry, sink: toSinkId }));
        putBack(statements, moved);
        statements.dropEntries.run(fromSinkId);
        return moved.length;
      }),
    drop: (sinkId, which) =>
      change((statements) =>
        which === 'all'
          ? statements.dropEntries.run(sinkId).changes
          : statements.dropAside.run(sinkId).changes,
      ),
  };
}

/**
 * The states to queue behind entries that were put back: the newest state of each of their alerts that is not silenced, by
 * its number in the history, unless it is queued already.
 */
function newestOf(
  statements: Statements,
  entries: readonly EntryRow[],
): { readonly sink: string; readonly sequence: number }[] {
  const last = new Map(entries.map((entry) => [`${entry.sink}\n${entry.id}`, entry]));
  return [...last.values()].flatMap(({ sink, id, alert }) => {
    const newest = statements.laterStates.all(id, alert).find(({ body }) => {
      const state = readAlert(body);
      return state && !state.silenced;
    });
    const waits = newest && statements.isQueued.get(sink, newest.sequence) !== undefined;
    return newest && !waits ? [{ sink, sequence: newest.sequence }] : [];
  });
}
