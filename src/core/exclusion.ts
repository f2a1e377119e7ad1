/** A stretch of a stream that is no example of normal, both ends included. */
export interface Exclusion {
  readonly fromMs: number;
  readonly toMs: number;
  /** An alert that nobody called normal, a silence or maintenance window, or a part of the lesson that was not calm. */
  readonly reason: 'alert' | 'quiet' | 'lesson';
}

/** Whether training should leave out what was measured at `timeMs`. O(exclusions). */
export function isExcluded(exclusions: readonly Exclusion[], timeMs: number): boolean {
  return exclusions.some(({ fromMs, toMs }) => fromMs <= timeMs && timeMs <= toMs);
}
