/** Spreads writing evenly over the day: an allowance that grows with time and is spent by the block. */
export interface WriteAllowance {
  /** Whether a block of that size may be written now; if so, it is spent. */
  take(bytes: number, timeMs: number): boolean;
}

/** What a block costs beside its rows: its last page, its name and the journal of the file system. */
const BLOCK_COST_BYTES = 12_288;

const DAY_MS = 86_400_000;

/** `largestBytes` is what can be saved up, and what there is in the beginning: one block. */
export function createWriteAllowance(bytesPerDay: number, largestBytes: number): WriteAllowance {
  const most = largestBytes + BLOCK_COST_BYTES;
  let saved = most;
  let seenMs: number | undefined;
  return {
    take(bytes, timeMs) {
      const passedMs = Math.max(0, timeMs - (seenMs ?? timeMs)); // the clock may be set back
      saved = Math.min(most, saved + (passedMs / DAY_MS) * bytesPerDay);
      seenMs = timeMs;
      const cost = bytes + BLOCK_COST_BYTES;
      if (cost > saved) return false;
      saved -= cost;
      return true;
    },
  };
}
