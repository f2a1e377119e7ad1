// The rows around an alert as bytes: the times as doubles, then the values as floats, deflated. 600 rows of 27 channels of
// a machine take a quarter of what doubles would.
import { deflateSync, inflateSync } from 'node:zlib';
import type { Channel } from '../../core/sample.ts';
import type { Series } from '../../core/series.ts';
import type { AlertRows } from '../../core/store.ts';
import type { HistoryFile } from './history-file.ts';
import type { RowsRow } from './statements.ts';

export function createAlertRows(file: Pick<HistoryFile, 'run'>): AlertRows {
  return {
    keep(alertId, rows) {
      const [channels, body] = [JSON.stringify(rows.channels), encodeRows(rows)];
      file.run((statements) => statements.keepRows.run(alertId, channels, body));
    },
    of(alertId) {
      const found = file.run((statements) => statements.rowsOf.get(alertId));
      return found && seriesIn(found, alertId);
    },
  };
}

function encodeRows({ timeMs, values }: Series): Uint8Array {
  const bytes = new Uint8Array(timeMs.byteLength + 4 * values.length);
  new Float64Array(bytes.buffer, 0, timeMs.length).set(timeMs);
  new Float32Array(bytes.buffer, timeMs.byteLength).set(values);
  return deflateSync(bytes);
}

/** Digits of a float; more would be noise: 0.1 is read back as 0.1. */
const FLOAT_DIGITS = 7;

/** undefined for damaged data: SQLite has no checksums, zlib has. */
function seriesIn({ channels: text, body }: RowsRow, id: string): Series | undefined {
  try {
    const channels = JSON.parse(text) as Channel[]; // written by `keep`
    const bytes = new Uint8Array(inflateSync(body)); // a new buffer, so that the doubles are aligned
    const rows = bytes.length / (8 + 4 * channels.length);
    const floats = new Float32Array(bytes.buffer, 8 * rows);
    return {
      ...{ id, channels },
      timeMs: new Float64Array(bytes.buffer, 0, rows),
      values: Float64Array.from(floats, (value) => Number(value.toPrecision(FLOAT_DIGITS))),
    };
  } catch {
    return undefined; // the alert is shown without its rows
  }
}
