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

export interface HistoryFile {
  readonly closed: boolean;
  /**
   * Runs one operation on the connection of the moment; when it meets a corrupt page, once more on a new file. Throws
   * `StoreError`.
   */
  run<T>(operation: (statements: Statements, db: Database) => T): T;
  close(): void;
}

export interface HistoryFileSettings {
  /** How long to wait for another program, milliseconds. */
  readonly busyMs: number;
  /** The file was corrupt; it lies where the message says, and a new one was begun. */
  readonly onFault: (message: string) => void;
}

/** Throws `StoreError` when another daemon or program holds it, or it cannot be made. */
export function openHistoryFile(path: string, settings: HistoryFileSettings): HistoryFile {
  const lock = claim(path);
  try {
    return new ClaimedFile(path, settings, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

class ClaimedFile implements HistoryFile {
  readonly #path: string;
  readonly #settings: HistoryFileSettings;
  readonly #lock: { release(): void };
  #db: Database;
  #statements: Statements;
  closed = false;

  constructor(path: string, settings: HistoryFileSettings, lock: { release(): void }) {
    this.#path = path;
    this.#settings = settings;
    this.#lock = lock;
    const open = openDatabase(path, settings.busyMs);
    this.#db = open.db;
    this.#statements = prepareStatements(open.db);
    this.#tell(open);
  }

  run<T>(operation: (statements: Statements, db: Database) => T): T {
    if (!this.#db.open) {
      if (this.closed) throw new TypeError('the store is closed');
      this.#use(openDatabase(this.#path, this.#settings.busyMs)); // replacing it had failed
    }
    try {
      return operation(this.#statements, this.#db);
    } catch (cause) {
      if (!isCorrupt(cause)) throw storeError(cause, this.#path);
    }
    this.#db.close();
    this.#use(replaceDatabase(this.#path, this.#settings.busyMs));
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
    this.#settings.onFault(
      `the history was corrupt: it was moved to ${replaced} and a new one begun`,
    );
  }
}
