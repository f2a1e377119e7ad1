// Work that is carried out elsewhere: in a thread of this process, or by a worker on another machine.

/** Plain data throughout: numbers, texts, lists, objects and typed arrays. */
export interface Job {
  /** Who may take it, e.g. `evaluate`, `profile-pi-4b`. */
  readonly queue: string;
  /** Lower-case hex digits. The same key stands for the same result, whoever brings it and however often. */
  readonly key: string;
  readonly task: unknown;
  /** What many jobs have in common, e.g. a recording: it travels once. */
  readonly shared?: Shared | undefined;
}

export interface Shared {
  /** Hash of the value, lower-case hex digits. */
  readonly key: string;
  readonly value: unknown;
}

export interface JobContext {
  /** An abort rejects with the signal's reason. What is under way elsewhere may go on, its result is kept there. */
  readonly signal?: AbortSignal | undefined;
  /** 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

export interface Pool {
  /**
   * Rejects with the job's own `KnownError`. A job whose worker is lost is given to another; `DeviceError` when that
   * has happened too often.
   */
  run<Result>(job: Job, context?: JobContext): Promise<Result>;
  /** Ends what is still under way. */
  close(): Promise<void>;
}

/** Workers that one job may lose: whatever loses three will lose the next. */
export const MOST_LOST = 2;
