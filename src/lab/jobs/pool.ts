// Jobs that run elsewhere: in a thread of this process, or in a worker on another machine.

/** Plain data throughout: numbers, texts, lists, objects and typed arrays. */
export interface Job {
  /** Queue of the job; workers subscribe to queues, e.g. `evaluate`, `profile-pi-4b`. */
  readonly queue: string;
  /** Lower-case hex digits. Jobs with the same key have the same result. */
  readonly key: string;
  readonly task: unknown;
  /** Data shared by many jobs, e.g. a recording: it is sent once. */
  readonly shared?: Shared | undefined;
}

export interface Shared {
  /** Hash of the value, lower-case hex digits. */
  readonly key: string;
  readonly value: unknown;
}

export interface JobContext {
  /** An abort rejects with the signal's reason. A job that runs elsewhere may continue; its result is stored there. */
  readonly signal?: AbortSignal | undefined;
  /** 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

export interface Pool {
  /**
   * Rejects with the job's own `KnownError`. If a worker is lost, another one gets its job; `DeviceError` if a job has lost too
   * many workers.
   */
  run<Result>(job: Job, context?: JobContext): Promise<Result>;
  /** Ends all running jobs. */
  close(): Promise<void>;
}

/** Workers that one job may lose: a job that has lost three will probably lose the next. */
export const MOST_LOST = 2;
