// What the history costs a memory card: bytes written for a simulated stretch of scores at 1 Hz, with alerts.
//   npx tsx scripts/store-writes.ts      prints a whole day, in a folder for temporary files
// A stream costs the same whatever its number of channels, because scores are kept and samples are not.
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import SqliteDatabase from 'better-sqlite3';
import type { Alert } from '../src/core/alert.ts';
import { parseChannel } from '../src/core/sample.ts';
import type { Series } from '../src/core/series.ts';
import type { ScoreReport } from '../src/core/sink.ts';
import type { Store } from '../src/core/store.ts';
import { openStore } from '../src/io/store/sqlite-store.ts';
import { storeOptions } from '../src/io/store/store-options.ts';
import { commandLine } from './command-line.mjs';
import { writtenBy } from './process-figures.ts';

export interface StoreWrites {
  readonly hours: number;
  /** Bytes handed to the kernel: WAL, checkpoints, everything. */
  readonly writtenBytes: number;
  /** Bytes the kernel had to send to the device, whole pages; 0 on a file system in memory. */
  readonly deviceBytes: number;
  readonly fileBytes: number;
  /** Bytes that the rows around one alert take of the file. */
  readonly rowsBytes: number;
  /** The greater of the two, scaled to a day. */
  readonly mbPerDay: number;
}

export interface StoreWritesSettings {
  /** On the disk to be measured. */
  readonly folder: string;
  readonly hours?: number;
  readonly streams?: number;
  readonly alertStatesPerDay?: number;
  /** Channels of the rows that are kept with each state of an alert; 0 = none are kept. */
  readonly rowChannels?: number;
  /** Time between two batches of scores, ms. */
  readonly flushMs?: number;
}

const HOUR_S = 3600;

const RECORDING = new URL('../datasets/host-faults/test.csv.gz', import.meta.url);

/** Linux only: reads /proc/self/io, so nothing else may write in this process meanwhile. */
export function measureStoreWrites({
  folder,
  hours = 24,
  streams = 1,
  alertStatesPerDay = 60,
  rowChannels = 27,
  flushMs = 60_000,
}: StoreWritesSettings): StoreWrites {
  const place = mkdtempSync(join(folder, 'store-writes-'));
  const path = join(place, 'history.db');
  const clock = { nowMs: Date.UTC(2026, 0, 1) };
  const now = () => clock.nowMs;
  const store = openStore(path, { flushMs }, { now, monotonicMs: now });
  const rows = exampleRows(clock.nowMs, rowChannels);
  const before = writtenBy('self');
  const alertEveryS = Math.round((24 * HOUR_S) / alertStatesPerDay);
  for (let second = 1; second <= hours * HOUR_S; second += 1) {
    clock.nowMs += 1000;
    for (let i = 0; i < streams; i += 1) store.addScore(exampleScore(i, clock.nowMs, second));
    if (second % alertEveryS === 0) sendAlert(store, clock.nowMs, rows);
    // A real minute is long enough for the kernel to write its cache back; a simulated one is not.
    if (second % 60 === 0) writeBack(`${path}-wal`);
  }
  store.close();
  writeBack(path);
  const after = writtenBy('self');
  const fileBytes = statSync(path).size;
  const rowsBytes = meanRowsBytes(path);
  rmSync(place, { recursive: true });
  const writtenBytes = after.handedBytes - before.handedBytes;
  const deviceBytes = after.deviceBytes - before.deviceBytes;
  const mbPerDay = (Math.max(writtenBytes, deviceBytes) / 1e6) * (24 / hours);
  return { hours, writtenBytes, deviceBytes, fileBytes, rowsBytes, mbPerDay };
}

function exampleScore(stream: number, timeMs: number, second: number): ScoreReport {
  const score = Math.abs(Math.sin(second * 0.7 + stream)); // any number with all its digits
  return { streamId: `stream-${stream}`, timeMs, score, level: Math.PI, anomalous: false };
}

function sendAlert(store: Store, timeMs: number, rows: Series | undefined): void {
  const sinks = ['mqtt', 'log'];
  const alert = exampleAlert(timeMs);
  store.addAlert(alert, sinks);
  if (rows) store.rows.keep(alert.id, rows);
  for (const sink of sinks) {
    store.markSent(store.unsent(sink, 10));
  }
}

/** As many as are kept unless told otherwise, of a machine that was recorded: what noise deflates to says nothing. */
function exampleRows(timeMs: number, width: number): Series | undefined {
  if (width === 0) return undefined;
  const lines = gunzipSync(readFileSync(RECORDING)).toString().split('\n');
  const channels = (lines[0] ?? '')
    .split(',')
    .slice(1, width + 1)
    .map(parseChannel);
  const { alertRows } = storeOptions.parse({});
  const cells = lines.slice(1, alertRows + 1).flatMap((line) =>
    line
      .split(',')
      .slice(1, width + 1)
      .map(Number),
  );
  const times = Float64Array.from({ length: alertRows }, (_, row) => timeMs + row * 1000);
  return { id: 'example', channels, timeMs: times, values: Float64Array.from(cells) };
}

function meanRowsBytes(path: string): number {
  const db = new SqliteDatabase(path, { readonly: true });
  try {
    const mean = 'SELECT coalesce(avg(length(body) + length(channels)), 0) FROM alert_rows';
    return Math.round(db.prepare<[], number>(mean).pluck().get() ?? 0);
  } finally {
    db.close();
  }
}

/** Has the kernel send what it holds of a file to the device. */
export function writeBack(path: string): void {
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}

function exampleAlert(timeMs: number): Alert {
  const channels = Array.from({ length: 8 }, (_, i) => ({
    id: `channel-${i}`,
    unit: 'mm/s',
    share: 0.125,
    value: Math.PI * i,
    expected: Math.E * i,
  }));
  return {
    id: `alert-${Math.floor(timeMs / 5e6)}`,
    kind: 'anomaly',
    streamId: 'stream-0',
    state: 'updated',
    severity: 'warning',
    timeMs,
    startMs: timeMs - 60_000,
    endMs: null,
    score: 1.5,
    peak: 2.5,
    level: Math.PI,
    channels,
    modelId: '0123456789abcdef',
    imputed: 0,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  commandLine();
  const folder = mkdtempSync(join(tmpdir(), 'sentigon-writes-'));
  try {
    console.log(JSON.stringify(measureStoreWrites({ folder })));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
