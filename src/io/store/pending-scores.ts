// Scores on their way to the disk: written in batches, because a commit per row wears out a card, and kept in memory
// while the disk does not take them.
import type { Database } from 'better-sqlite3';
import { StoreError } from '../../core/errors.ts';
import type { ScoreReport } from '../../core/sink.ts';
import type { HistoryFile } from './history-file.ts';
import type { Statements } from './statements.ts';
import type { StoreEvents } from './store-events.ts';
import type { StoreOptions } from './store-options.ts';

export interface PendingScoresParts {
  readonly options: Pick<StoreOptions, 'flushMs' | 'flushRows'>;
  readonly events: Pick<StoreEvents, 'onFault' | 'onProblem' | 'monotonicMs'>;
  readonly file: Pick<HistoryFile, 'run'>;
}

/** Kept at most while the disk takes none: a day at 1 Hz. */
const MOST_PENDING = 86_400;

const PROBLEM = 'scores-wait';

export class PendingScores {
  readonly #parts: PendingScoresParts;
  #reports: ScoreReport[] = [];
  #flushedMs: number;
  /** Whether the last batch could not be written; told once per outage. */
  #failing = false;

  constructor(parts: PendingScoresParts) {
    this.#parts = parts;
    this.#flushedMs = parts.events.monotonicMs();
  }

  /** Whether all are written. */
  get isEmpty(): boolean {
    return this.#reports.length === 0;
  }

  /** Whether it is time to flush. */
  add(report: ScoreReport): boolean {
    const { flushMs, flushRows } = this.#parts.options;
    const nowMs = this.#parts.events.monotonicMs();
    this.#reports.push(report);
    const due = nowMs - this.#flushedMs >= flushMs;
    // a full batch that failed waits for its time
    return due || (!this.#failing && this.#reports.length >= flushRows);
  }

  /** Throws `StoreError`; what could not be written waits for the next flush. */
  flush(): void {
    const { file, events } = this.#parts;
    this.#flushedMs = events.monotonicMs();
    file.run((statements, db) => writeScores(db, statements, this.#reports));
    this.#reports = [];
    if (this.#failing) events.onProblem(PROBLEM, undefined);
    this.#failing = false;
  }

  /** Goes on after a flush that failed, with as many of the newest as may wait; throws what is no `StoreError`. */
  keep(error: unknown): void {
    if (!(error instanceof StoreError)) throw error;
    this.#reports.splice(0, this.#reports.length - MOST_PENDING);
    const message = `scores wait in memory: ${error.message}`;
    if (!this.#failing) this.#parts.events.onFault(message);
    this.#parts.events.onProblem(PROBLEM, message);
    this.#failing = true;
  }
}

function writeScores(db: Database, statements: Statements, reports: readonly ScoreReport[]): void {
  if (reports.length === 0) return;
  const streams = new Map<string, number>(); // of this batch only: a rollback takes new ids back
  db.transaction(() => {
    for (const { streamId, timeMs, score, level, anomalous, quiet } of reports) {
      const stream = streams.get(streamId) ?? addStream(statements, streamId);
      streams.set(streamId, stream);
      statements.addScore.run(
        stream,
        Math.round(timeMs),
        score,
        level,
        anomalous ? 1 : 0,
        quiet ? 1 : 0,
      );
    }
  }).immediate();
}

function addStream(statements: Statements, name: string): number {
  statements.addStream.run(name);
  return statements.streamId.get(name) ?? 0;
}
