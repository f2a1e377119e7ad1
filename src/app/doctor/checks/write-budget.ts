// What the history will write to the card in a day. The costs are fitted to what scripts/store-writes.ts measures.
import { type Finding, ok, warn } from '../finding.ts';

export interface WriteLoad {
  /** Rows a second, by stream. */
  readonly rowsPerS: readonly number[];
  readonly flushMs: number;
  readonly flushRows: number;
  readonly alertStatesPerDay: number;
  /** What keeping rows for the next training may write, bytes a day. */
  readonly keptBytesPerDay: number;
}

/** Bytes for each batch, whatever is in it. */
const BATCH_BYTES = 5000;
/** Bytes for each stream in a batch: its own page, in the log and in the file. */
const STREAM_BYTES = 12_000;
const ROW_BYTES = 145;
/** Bytes for each state of an alert: committed alone, with its way through the outbox and the rows of 27 channels. */
const ALERT_STATE_BYTES = 125_000;
const DAY_S = 86_400;

/** Bytes a day; within a factor of two of what is measured. */
export function estimateWrites({
  rowsPerS,
  flushMs,
  flushRows,
  alertStatesPerDay,
  keptBytesPerDay,
}: WriteLoad): number {
  const rows = rowsPerS.reduce((sum, rate) => sum + rate, 0) * DAY_S;
  const batches = Math.max((DAY_S * 1000) / Math.max(flushMs, 1000), rows / flushRows);
  const perBatch = BATCH_BYTES + rowsPerS.length * STREAM_BYTES;
  const history = batches * perBatch + rows * ROW_BYTES + alertStatesPerDay * ALERT_STATE_BYTES;
  return history + keptBytesPerDay;
}

export function checkWrites(load: WriteLoad, budgetMb: number): Finding {
  const mb = Math.round(estimateWrites(load) / 1e6);
  const found = `about ${mb} MB a day, of ${budgetMb} allowed by store.writeBudgetMb`;
  if (mb <= budgetMb) return ok('card writes', found);
  return warn('card writes', found, `raise store.flushMs above ${load.flushMs}`);
}
