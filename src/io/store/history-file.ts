// The database file for as long as a daemon runs: claimed for one process, and replaced when a page of it cannot be read.
import type { Database } from 'better-sqlite3';
import {
  claim,
  isCorrupt,
  type OpenDatabase,
  openDatabase,
  replaceDatabase,
  storeError,
} from './database.ts';
import { prepareStatements, type Statements } from './statements.ts';
import type { StoreEvents } from './store-events.ts';

export interface HistoryFile {
  readonly closed: boolean;
  /**
   * Runs one operation on the connection of the moment; when it meets a corrupt page, once more on a new file. Throws
   * `StoreError`.
   */
  run<T>(operation: (statements: Statements, db: Database) => T): T;
  close(): void;
}

export type FileEvents = Pick<StoreEvents, 'onFault' | 'onProblem' | 'monotonicMs'>;

/** Throws `StoreError` when another daemon or program holds it, or it cannot be made. */
export function openHistoryFile(path: string, busyMs: number, events: FileEvents): HistoryFile {
  const lock = claim(path);
  try {
    return new ClaimedFile(path, busyMs, events, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

class ClaimedFile implements HistoryFile {
  readonly #path: string;
  readonly #busyMs: number;
  readonly #events: FileEvents;
  readonly #lock: { release(): void };
  #db: Database;
  #statements: Statements;
  closed = false;

  constructor(path: string, busyMs: number, events: FileEvents, lock: { release(): void }) {
    this.#path = path;
    this.#busyMs = busyMs;
    this.#events = events;
    this.#lock = lock;
    const open = openDatabase(path, busyMs);
    this.#db = open.db;
    this.#statements = prepareStatements(open.db);
    this.#tell(open);
  }

  run<T>(operation: (statements: Statements, db: Database) => T): T {
    if (!this.#db.open) {
      if (this.closed) throw new TypeError('the store is closed');
      this.#use(openDatabase(this.#path, this.#busyMs)); // replacing it had failed
    }
    try {
      return operation(this.#statements, this.#db);
    } catch (cause) {
      if (!isCorrupt(cause)) throw storeError(cause, this.#path);
    }
    this.#db.close();
    this.#use(replaceDatabase(this.#path, this.#busyMs));
    try {
      return operation(this.#statements, this.#db);
    } catch (cause) {
      throw storeError(cause, this.#path);
    }
  }

  close(): void {
    this.closed = true;
    this.#db.close();
    this.#lock.release();
  }

  #use(open: OpenDatabase): void {
    this.#db = open.db;
    this.#statements = prepareStatements(open.db);
    this.#tell(open);
  }

  #tell({ replaced }: OpenDatabase): void {
    if (replaced === undefined) return;
    this.#events.onFault(
      `the history was corrupt: it was moved to ${replaced} and a new one begun`,
    );
  }
}
