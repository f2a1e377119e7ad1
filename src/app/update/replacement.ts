/** The exchange of one release for another, and back. Both throw `DeviceError` with what a program said. */
export interface Replacement {
  /** Looks into the new one, and throws when it cannot be what it should be. Changes nothing yet. */
  prepare(): void;
  put(): void;
  /** Also after a `put` that failed. */
  back(): void;
  /** The new one stays: where the previous one is kept. */
  keep(): string;
}
