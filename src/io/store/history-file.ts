// The database file while a daemon runs: claimed for one process, and replaced when a page cannot be read or the file is
// deleted or exchanged.
import type { Database } from 'better-sqlite3';
import { StoreError } from '../../core/errors.ts';
import {
  type Claim,
  claim,
  isAlone,
  isCorrupt,
  type OpenDatabase,
  openDatabase,
  storeError,
} from './database.ts';
import { type FileIdentity, identify, lossOf } from './files.ts';
import { isUnreadable, rescueDatabase } from './rescue.ts';
import { newestSequence } from './salvage.ts';
import { prepareStatements, type Statements } from './statements.ts';
import type { StoreEvents } from './store-options.ts';

export interface HistoryFile {
  readonly closed: boolean;
  /**
   * Runs one operation on the current connection; after a corrupt page it runs again on a new file. Throws
   * `StoreError`.
   */
  run<T>(operation: (statements: Statements, db: Database) => T): T;
  /** Checks whether other connections can still read the file; replaces it otherwise. Throws `StoreError`. */
  check(): void;
  close(): void;
}

export type FileEvents = Pick<StoreEvents, 'onFault' | 'onProblem' | 'monotonicMs'>;

/** Throws `StoreError` when another daemon or program uses it, or it cannot be made. */
export function openHistoryFile(path: string, busyMs: number, events: FileEvents): HistoryFile {
  const lock = claim(path);
  try {
    return new ClaimedFile(path, busyMs, events, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Pause after a failed replacement: an attempt takes long, and alerts come in between. */
const RETRY_MS = 10_000;
/** More than any daemon queues: entries in flight have numbers of the old file, which a new file must not reuse. */
const NEVER_QUEUED = 1e9;

/** Bytes of the header that each open database has. */
const HEADER_BYTES = 100;

const PROBLEM = 'file';

class ClaimedFile implements HistoryFile {
  readonly #path: string;
  readonly #busyMs: number;
  readonly #events: FileEvents;
  #lock: Claim;
  #db: Database;
  #statements: Statements;
  #identity: FileIdentity | undefined;
  #newestSequence = 0;
  #triedMs = Number.NEGATIVE_INFINITY;
  closed = false;

  constructor(path: string, busyMs: number, events: FileEvents, lock: Claim) {
    this.#path = path;
    this.#busyMs = busyMs;
    this.#events = events;
    this.#lock = lock;
    const open = openDatabase(path, busyMs);
    this.#db = open.db;
    this.#statements = prepareStatements(open.db);
    this.#note(open);
  }

  run<T>(operation: (statements: Statements, db: Database) => T): T {
    if (this.closed) throw new TypeError('the store is closed');
    this.#putBack();
    if (!this.#db.open) this.#use(openDatabase(this.#path, this.#busyMs)); // a replacement had failed
    try {
      return operation(this.#statements, this.#db);
    } catch (cause) {
      if (!isCorrupt(cause)) throw storeError(cause, this.#path);
    }
    try {
      this.#rescue('was corrupt');
      return operation(this.#statements, this.#db);
    } catch (cause) {
      throw storeError(cause, this.#path);
    }
  }

  check(): void {
    if (this.closed || !this.#db.open) return;
    this.#putBack();
    if (isUnreadable(this.#path)) this.#putBack('was overwritten');
    this.#claimAgain();
    this.#share();
  }

  close(): void {
    this.closed = true;
    this.#db.close();
    this.#lock.release();
  }

  /** Replaces a lost file. If that fails, the open file is used on: its alerts are still sent. */
  #putBack(found?: string): void {
    const loss = found ?? (this.#identity && lossOf(this.#path, this.#identity, HEADER_BYTES));
    if (loss === undefined || !this.#db.open) return;
    const nowMs = this.#events.monotonicMs();
    if (nowMs - this.#triedMs < RETRY_MS) return;
    this.#triedMs = nowMs;
    try {
      this.#claimAgain();
      this.#rescue(loss);
    } catch (cause) {
      const error = storeError(cause, this.#path);
      if (!(error instanceof StoreError)) throw error;
      const message = `the history ${loss} and cannot be begun anew: ${error.message}`;
      this.#events.onFault(message);
      this.#events.onProblem(PROBLEM, message);
    }
  }

  /** Opens a file again that was opened on a full disk: others cannot read it until then. */
  #share(): void {
    const nowMs = this.#events.monotonicMs();
    if (!isAlone(this.#db) || nowMs - this.#triedMs < RETRY_MS) return;
    this.#triedMs = nowMs;
    this.#db.close();
    this.#use(openDatabase(this.#path, this.#busyMs));
  }

  /** The lock may have been deleted with the folder, or alone. */
  #claimAgain(): void {
    if (this.#lock.isInPlace()) return;
    const former = this.#lock;
    this.#lock = claim(this.#path);
    former.release();
  }

  #rescue(loss: string): void {
    const unusedSequence = this.#newestSequence + NEVER_QUEUED;
    const [path, busyMs] = [this.#path, this.#busyMs];
    this.#use(rescueDatabase(this.#db, { path, busyMs, loss, unusedSequence }));
  }

  #use(open: OpenDatabase): void {
    this.#db = open.db;
    this.#statements = prepareStatements(open.db);
    this.#note(open);
  }

  #note({ db, fault }: OpenDatabase): void {
    this.#identity = identify(this.#path);
    this.#newestSequence = newestSequence(db);
    if (fault === undefined) return;
    this.#events.onFault(fault);
    this.#events.onProblem(PROBLEM, fault); // until a restart: the daemon cannot know when a person has seen it
  }
}
