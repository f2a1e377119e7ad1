// What keeping rows for the next training costs a memory card: bytes written for a simulated stretch.
//   npx tsx scripts/row-writes.ts      prints whole days of 1 and of 19 channels at 1 Hz, and of 19 channels at 10 Hz
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openRowRing } from '../src/io/rows/row-ring.ts';
import { commandLine } from './command-line.mjs';
import { writtenBy } from './process-figures.ts';
import { writeBack } from './store-writes.ts';

export interface RowWritesSettings {
  /** On the disk to be measured. */
  readonly folder: string;
  readonly hours: number;
  readonly channels: number;
  readonly rowsPerS: number;
  readonly bytesPerDay: number;
}

export interface RowWrites {
  readonly keptShare: number;
  readonly fileBytes: number;
  /** The greater of what the kernel was handed and what it had to send to the device, scaled to a day. */
  readonly mbPerDay: number;
}

const HOUR_S = 3600;

/** Linux only: reads /proc/self/io, so nothing else may write in this process meanwhile. */
export async function measureRowWrites(settings: RowWritesSettings): Promise<RowWrites> {
  const { hours, channels, rowsPerS, bytesPerDay } = settings;
  const folder = mkdtempSync(join(settings.folder, 'row-writes-'));
  const ring = openRowRing({
    folder,
    channels: Array.from({ length: channels }, (_, c) => ({ id: `channel-${c}`, unit: '' })),
    keepMs: 24 * HOUR_S * 1000,
    bytesPerDay,
    onFault: (error) => {
      throw error;
    },
  });
  const before = writtenBy('self');
  const synced = new Set<string>();
  const rows = hours * HOUR_S * rowsPerS;
  for (let row = 0; row < rows; row += 1) {
    const values = Float64Array.from({ length: channels }, (_, c) => Math.sin(row + c));
    ring.add(Date.UTC(2026, 0, 1) + Math.round((row * 1000) / rowsPerS), values);
    // a real minute is long enough for the kernel to write its cache back
    if (row % (60 * rowsPerS) === 0) sync(folder, synced);
  }
  ring.flush();
  sync(folder, synced);
  const after = writtenBy('self');
  const blocks = await Promise.all(ring.blocks().map((read) => read()));
  const kept = blocks.reduce((sum, block) => sum + (block?.timeMs.length ?? 0), 0);
  const fileBytes = [...synced].reduce((sum, path) => sum + statSync(path).size, 0);
  rmSync(folder, { recursive: true });
  const bytes = Math.max(
    after.handedBytes - before.handedBytes,
    after.deviceBytes - before.deviceBytes,
  );
  return { keptShare: kept / rows, fileBytes, mbPerDay: (bytes / 1e6) * (24 / hours) };
}

function sync(folder: string, synced: Set<string>): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (!name.endsWith('.rows') || synced.has(path)) continue;
    writeBack(path);
    synced.add(path);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  commandLine();
  const folder = mkdtempSync(join(tmpdir(), 'sentigon-writes-'));
  const day = { folder, hours: 24, bytesPerDay: 25e6 };
  try {
    for (const [channels, rowsPerS] of [
      [1, 1],
      [19, 1],
      [19, 10],
    ] as const) {
      const measured = await measureRowWrites({ ...day, channels, rowsPerS });
      console.log(JSON.stringify({ channels, rowsPerS, ...measured }));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
