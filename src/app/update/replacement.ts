/** The exchange of one release for another, and back. Both throw `DeviceError` with what a program said. */
export interface Replacement {
  /** Looks into the new one, and throws when it cannot be what it should be. Changes nothing yet. */
  prepare(): void;
  /** Throws `UpdateError` when nothing was changed. */
  put(): void;
  /** Also after a `put` that failed on the way. */
  back(): void;
  /** The new one stays: where the previous one is kept. */
  keep(): string;
}
