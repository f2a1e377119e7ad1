// Runs of labelled or flagged rows, the unit of every event metric.

/** A run [start, end): rows, or milliseconds where a function says so. `end` is not inside. */
export interface Segment {
  readonly start: number;
  readonly end: number;
}

/** Maximal runs of non-zero rows, in order. */
export function segmentsOf(rows: Uint8Array): readonly Segment[] {
  const segments: Segment[] = [];
  let start = -1;
  for (let row = 0; row <= rows.length; row++) {
    const marked = row < rows.length && rows[row] !== 0;
    if (marked && start < 0) start = row;
    if (!marked && start >= 0) {
      segments.push({ start, end: row });
      start = -1;
    }
  }
  return segments;
}

/** The inverse of `segmentsOf`: marks the rows of each segment; parts outside [0, length) are cut off. */
export function labelsOf(segments: readonly Segment[], length: number): Uint8Array {
  const labels = new Uint8Array(length);
  for (const { start, end } of segments) labels.fill(1, Math.max(0, start), Math.max(0, end));
  return labels;
}

export function countMarked(rows: Uint8Array): number {
  let count = 0;
  for (const row of rows) if (row !== 0) count++;
  return count;
}
