/** The recent rows of a window of T rows count by a half-life of T over this. */
const HALF_LIVES = 4;

/** Windows are read by their newest row, and by the recent ones. */
export function halfLivesFor(length: number): number[] {
  return length === 1 ? [0] : [0, length / HALF_LIVES];
}
