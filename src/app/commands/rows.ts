import { z } from 'zod';
import { rowOf, type Series } from '../../core/series.ts';
import { type AlertPayload, alertPayload, isoTime } from '../../io/text/alert-payload.ts';
import { alertNamed, type Command } from './command.ts';

const request = z.strictObject({ alert: z.string().describe('id of the alert') });

export interface RowsAnswer {
  readonly alert: AlertPayload;
  readonly channels: Series['channels'];
  /** Times of the rows; none where none were kept. */
  readonly ts: readonly string[];
  /** A value for each channel, null = no reading. */
  readonly rows: readonly (readonly (number | null)[])[];
}

/** An alert with the rows that were kept with it: what its channels read before it opened, and until it ended. */
export const rows: Command<z.infer<typeof request>> = {
  verb: 'rows',
  summary: 'the rows of all channels around alert=<id>',
  request,
  run({ alert: id }, context): RowsAnswer {
    const alert = alertPayload(alertNamed(id, context));
    const kept = context.store.rows.of(id);
    if (!kept) return { alert, channels: [], ts: [], rows: [] };
    return {
      alert,
      channels: kept.channels,
      ts: Array.from(kept.timeMs, isoTime),
      rows: Array.from(kept.timeMs, (_, row) => Array.from(rowOf(kept, row), finite)),
    };
  },
};

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
