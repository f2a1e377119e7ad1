// What a history needs once an hour: waiting is counted, and what is too old is forgotten.
import type { HistoryFile } from './history-file.ts';
import { DAY_MS, forget } from './retention.ts';
import type { ScoreTimes } from './score-times.ts';
import type { StoreEvents } from './store-events.ts';
import type { StoreOptions } from './store-options.ts';

const EVERY_MS = DAY_MS / 24;

export interface UpkeepParts {
  readonly file: Pick<HistoryFile, 'run'>;
  readonly options: StoreOptions;
  readonly times: ScoreTimes;
  readonly events: Pick<StoreEvents, 'onFault' | 'monotonicMs'>;
}

export class Upkeep {
  readonly #parts: UpkeepParts;
  /** When waiting was last counted. */
  #countedMs: number;
  #ranMs = Number.NEGATIVE_INFINITY;
  /** Alert states that waited too long, since the store was opened. */
  expired = 0;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
    this.#countedMs = parts.events.monotonicMs();
  }

  /** What the next count adds to an entry that is new now, although it has not waited for it; milliseconds. */
  uncountedMs(): number {
    return Math.round(this.#parts.events.monotonicMs() - this.#countedMs);
  }

  runWhenDue(): void {
    if (this.#parts.events.monotonicMs() - this.#ranMs >= EVERY_MS) this.run();
  }

  /** Throws `StoreError`. */
  run(): void {
    const { file, options, times, events } = this.#parts;
    this.#ranMs = events.monotonicMs(); // what fails now waits for the next turn
    const expired = this.#count((waitedMs) =>
      file.run((statements, db) => forget(db, statements, { options, times, waitedMs })),
    );
    if (expired === 0) return;
    this.expired += expired;
    events.onFault(
      `${expired} unsent alerts were dropped: they waited more than ${options.outboxDays} days for a sink`,
    );
  }

  /** Forgets now: a disk that is full would stay full if only what was written made room. Throws `StoreError`. */
  makeRoom(): void {
    // the log has room again for what is forgotten, and the file gives back what is free
    const checkpoint = (): unknown =>
      this.#parts.file.run((_, db) => db.pragma('wal_checkpoint(PASSIVE)'));
    checkpoint();
    this.run();
    checkpoint();
  }

  /** Counts what has been waited for, so that the next daemon knows it. Throws `StoreError`. */
  end(): void {
    this.#count((waitedMs) =>
      this.#parts.file.run((statements) => statements.addWaiting.run(waitedMs)),
    );
  }

  #count<T>(write: (waitedMs: number) => T): T {
    const waitedMs = this.uncountedMs();
    const written = write(waitedMs);
    this.#countedMs += waitedMs;
    return written;
  }
}
