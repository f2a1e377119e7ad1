/** A stretch of a stream that is no example of normal, both ends included. */
export interface Exclusion {
  readonly fromMs: number;
  readonly toMs: number;
  /** An alert that nobody called normal, or a silence or maintenance window. */
  readonly reason: 'alert' | 'quiet';
}

/** Whether training should leave out what was measured at `timeMs`. O(exclusions). */
export function isExcluded(exclusions: readonly Exclusion[], timeMs: number): boolean {
  return exclusions.some(({ fromMs, toMs }) => fromMs <= timeMs && timeMs <= toMs);
}
