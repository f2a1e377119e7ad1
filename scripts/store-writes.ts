// What the history costs a memory card: bytes written for a simulated stretch of scores at 1 Hz, with alerts.
//   npx tsx scripts/store-writes.ts      prints a whole day, in a folder for temporary files
// A stream costs the same whatever its number of channels, because scores are kept and samples are not.
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Alert } from '../src/core/alert.ts';
import type { ScoreReport } from '../src/core/sink.ts';
import type { Store } from '../src/core/store.ts';
import { openStore } from '../src/io/store/sqlite-store.ts';
import { commandLine } from './command-line.mjs';
import { writtenBy } from './process-figures.ts';

export interface StoreWrites {
  readonly hours: number;
  /** Bytes handed to the kernel: WAL, checkpoints, everything. */
  readonly writtenBytes: number;
  /** Bytes the kernel had to send to the device, whole pages; 0 on a file system in memory. */
  readonly deviceBytes: number;
  readonly fileBytes: number;
  /** The greater of the two, scaled to a day. */
  readonly mbPerDay: number;
}

export interface StoreWritesSettings {
  /** On the disk to be measured. */
  readonly folder: string;
  readonly hours?: number;
  readonly streams?: number;
  readonly alertStatesPerDay?: number;
  /** Time between two batches of scores, ms. */
  readonly flushMs?: number;
}

const HOUR_S = 3600;

/** Linux only: reads /proc/self/io, so nothing else may write in this process meanwhile. */
export function measureStoreWrites({
  folder,
  hours = 24,
  streams = 1,
  alertStatesPerDay = 60,
  flushMs = 60_000,
}: StoreWritesSettings): StoreWrites {
  const place = mkdtempSync(join(folder, 'store-writes-'));
  const path = join(place, 'history.db');
  const clock = { nowMs: Date.UTC(2026, 0, 1) };
  const store = openStore(path, { flushMs }, { now: () => clock.nowMs });
  const before = writtenBy('self');
  const alertEveryS = Math.round((24 * HOUR_S) / alertStatesPerDay);
  for (let second = 1; second <= hours * HOUR_S; second += 1) {
    clock.nowMs += 1000;
    for (let i = 0; i < streams; i += 1) store.addScore(exampleScore(i, clock.nowMs, second));
    if (second % alertEveryS === 0) sendAlert(store, clock.nowMs);
    // A real minute is long enough for the kernel to write its cache back; a simulated one is not.
    if (second % 60 === 0) writeBack(`${path}-wal`);
  }
  store.close();
  writeBack(path);
  const after = writtenBy('self');
  const fileBytes = statSync(path).size;
  rmSync(place, { recursive: true });
  const writtenBytes = after.handedBytes - before.handedBytes;
  const deviceBytes = after.deviceBytes - before.deviceBytes;
  const mbPerDay = (Math.max(writtenBytes, deviceBytes) / 1e6) * (24 / hours);
  return { hours, writtenBytes, deviceBytes, fileBytes, mbPerDay };
}

function exampleScore(stream: number, timeMs: number, second: number): ScoreReport {
  const score = Math.abs(Math.sin(second * 0.7 + stream)); // any number with all its digits
  return { streamId: `stream-${stream}`, timeMs, score, level: Math.PI, anomalous: false };
}

function sendAlert(store: Store, timeMs: number): void {
  const sinks = ['mqtt', 'log'];
  store.addAlert(exampleAlert(timeMs), sinks);
  for (const sink of sinks) {
    for (const { sequence } of store.unsent(sink, 10)) store.markSent(sequence);
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
