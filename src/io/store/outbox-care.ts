// The outbox as a person mends it: what waits for whom, what was set aside, and where it shall go.
import type { Outbox } from '../../core/store.ts';
import { readAlert } from './alert-body.ts';
import type { HistoryFile } from './history-file.ts';
import type { EntryRow, Statements } from './statements.ts';

/** `now` is the wall clock. */
export function createOutbox(file: Pick<HistoryFile, 'run'>, now: () => number): Outbox {
  /** In one transaction. */
  const change = (work: (statements: Statements) => number): number =>
    file.run((statements, db) => db.transaction(() => work(statements)).immediate());
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
        for (const { sequence, sink } of entries) statements.putBack.run(sink, sequence);
        queueNewest(statements, entries, now());
        return entries.length;
      }),
    move: (fromSinkId, toSinkId) =>
      change((statements) => {
        const entries = statements.entriesOf.all(fromSinkId);
        const moved = entries
          .filter(({ alert }) => statements.isQueued.get(toSinkId, alert) === undefined)
          .map((entry) => ({ ...entry, sink: toSinkId }));
        for (const { sequence } of moved) statements.putBack.run(toSinkId, sequence);
        statements.dropEntries.run(fromSinkId);
        queueNewest(statements, moved, now());
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

/** Behind entries that were put back: the newest state that is to be sent of each of their alerts, unless it waits anyway. */
function queueNewest(statements: Statements, entries: readonly EntryRow[], nowMs: number): void {
  const last = new Map(entries.map((entry) => [`${entry.sink}\n${entry.id}`, entry]));
  for (const { sink, id, alert } of last.values()) {
    const newest = statements.laterStates.all(id, alert).find(({ body }) => {
      const state = readAlert(body);
      return state && !state.silenced;
    });
    if (!newest || statements.isQueued.get(sink, newest.sequence) !== undefined) continue;
    statements.requeue.run(sink, newest.sequence, Math.round(nowMs));
  }
}
