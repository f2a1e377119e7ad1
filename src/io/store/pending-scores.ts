// Scores that are not written yet: written in batches, because a commit per row wears out an SD card, and kept in memory
// while the disk refuses them.
import type { Database } from 'better-sqlite3';
import { StoreError } from '../../core/errors.ts';
import type { ScoreReport } from '../../core/sink.ts';
import type { HistoryFile } from './history-file.ts';
import type { Statements } from './statements.ts';
import type { StoreEvents, StoreOptions } from './store-options.ts';

export interface PendingScoresParts {
  readonly options: Pick<StoreOptions, 'flushMs' | 'flushRows'>;
  readonly events: Pick<StoreEvents, 'onFault' | 'onProblem' | 'monotonicMs'>;
  readonly file: Pick<HistoryFile, 'run'>;
}

/** Most scores to keep while the disk refuses them: a day at 1 Hz. */
const MOST_PENDING = 86_400;

const PROBLEM = 'scores-wait';

export class PendingScores {
  readonly #parts: PendingScoresParts;
  #reports: ScoreReport[] = [];
  #flushedMs: number;
  /** Whether the last batch could not be written; reported once per outage. */
  #failing = false;

  constructor(parts: PendingScoresParts) {
    this.#parts = parts;
    this.#flushedMs = parts.events.monotonicMs();
  }

  /** Whether all are written. */
  get isEmpty(): boolean {
    return this.#reports.length === 0;
  }

  /** Returns whether it is time to flush. */
  add(report: ScoreReport): boolean {
    const { flushMs, flushRows } = this.#parts.options;
    const nowMs = this.#parts.events.monotonicMs();
    this.#reports.push(report);
    const due = nowMs - this.#flushedMs >= flushMs;
    // after a failure, a full batch waits for its interval
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

  /** To be called after a failed flush: keeps the newest scores up to the limit. Throws errors other than `StoreError`. */
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
  const streams = new Map<string, number>(); // of this batch only: a rollback removes new ids
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
