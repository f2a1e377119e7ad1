// What the daemon costs over three days: memory, writing and processor time of one that learns sixteen channels at 1 Hz by
// itself, and then watches them. Needs `npm run build`.
//   npm run endurance                           three days of data, as fast as it takes them, then ten real minutes
//   npm run endurance -- --hours 2 --minutes 1  less; growth is told from two days on
// Prints one JSON object on standard output, its parts before that on standard error, and ends with 1 when a limit was not kept.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HISTORY_FILE } from '../src/app/state/state-files.ts';
import { createRandom } from '../src/engine/random.ts';
import { storeOptions } from '../src/io/store/store-options.ts';
import { commandLine, wholeNumber } from './command-line.mjs';
import { lineAt } from './endurance/machine.ts';
import { memoryTrend } from './endurance/memory-trend.ts';
import {
  type SpokenDaemon,
  startSpokenDaemon,
  writeConfiguration,
} from './endurance/spoken-daemon.ts';
import { writeBack } from './store-writes.ts';

const MOST_MB = 110;
const MOST_GROWTH_MB_PER_DAY = 2;
const MOST_CPU_PERCENT = 1;
const { writeBudgetMb } = storeOptions.parse({});

const ROW_MS = 1000;
const MINUTE_ROWS = 60;
const HOUR_ROWS = 3600;
/** What a stream learns from, and some more. */
const LEARN_ROWS = 1900;
/** Rows at their own pace until the daemon has loaded and connected what it needs, as it has long before an hour is over. */
const SETTLING_ROWS = 20;
/** Rows until the longest window is full and start-up is forgotten. */
const WARM_UP_ROWS = 90;

const { values: options } = commandLine({
  options: {
    hours: { type: 'string', default: '72' },
    minutes: { type: 'string', default: '10' },
  },
});
const hours = wholeNumber('hours', options.hours, 1);
const minutes = wholeNumber('minutes', options.minutes, 1);
const random = createRandom(1);
const startMs =
  Math.floor(Date.now() / ROW_MS) * ROW_MS -
  (LEARN_ROWS + SETTLING_ROWS + hours * HOUR_ROWS) * ROW_MS;

const folder = mkdtempSync(join(tmpdir(), 'sentigon-endurance-'));
try {
  const learning = shown('learning', await learn());
  const simulated = shown('simulated', await simulate());
  const real = shown('real', await watchForReal());
  console.log(JSON.stringify({ learning, simulated, real }));
  const missed = [
    ...(simulated.peakMb > MOST_MB ? [`peak memory above ${MOST_MB} MB`] : []),
    ...(simulated.scored > 0 ? [] : ['nothing was scored']),
    ...((simulated.growthMbPerDay ?? 0) >= MOST_GROWTH_MB_PER_DAY
      ? [`memory grew by ${MOST_GROWTH_MB_PER_DAY} MB a day or more`]
      : []),
    ...(simulated.writtenMbPerDay >= writeBudgetMb ? [`more than ${writeBudgetMb} MB a day`] : []),
    ...(real.cpuPercent >= MOST_CPU_PERCENT ? [`${MOST_CPU_PERCENT} % of a core or more`] : []),
  ];
  for (const limit of missed) console.error(`not kept: ${limit}`);
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** Each part takes minutes: what it came to is told at once. */
function shown<Figures>(part: string, figures: Figures): Figures {
  console.error(`${part}: ${JSON.stringify(figures)}`);
  return figures;
}

async function learn() {
  // a simulated minute passes in a moment, so that rows count where minutes should
  writeConfiguration(folder, { flushRows: MINUTE_ROWS });
  const daemon = startSpokenDaemon(folder);
  await speak(daemon, startMs, LEARN_ROWS);
  await daemon.watching();
  const { peakMb } = daemon.memory();
  await daemon.stop();
  return { rows: LEARN_ROWS, peakMb };
}

async function simulate() {
  const daemon = startSpokenDaemon(folder);
  await daemon.watching();
  await settle(daemon);
  const before = daemon.written();
  const lowestByHourMb: number[] = [];
  for (let hour = 0; hour < hours; hour += 1) {
    const fromMs = startMs + (LEARN_ROWS + SETTLING_ROWS + hour * HOUR_ROWS) * ROW_MS;
    let lowestMb = Number.POSITIVE_INFINITY;
    for (let row = 0; row < HOUR_ROWS; row += MINUTE_ROWS) {
      await speak(daemon, fromMs + row * ROW_MS, MINUTE_ROWS);
      syncHistory();
      lowestMb = Math.min(lowestMb, daemon.memory().nowMb);
    }
    lowestByHourMb.push(lowestMb);
  }
  const { scored } = await daemon.settled();
  syncHistory();
  const after = daemon.written();
  const { peakMb } = daemon.memory();
  await daemon.stop();
  const bytes = Math.max(
    after.handedBytes - before.handedBytes,
    after.deviceBytes - before.deviceBytes,
  );
  return {
    ...{ hours, rows: hours * HOUR_ROWS, scored, peakMb },
    ...memoryTrend(lowestByHourMb),
    deviceMbPerDay: rounded(((after.deviceBytes - before.deviceBytes) / 1e6) * (24 / hours)),
    /** Of a simulated day, sockets and log included. */
    writtenMbPerDay: rounded((bytes / 1e6) * (24 / hours)),
    writeBudgetMb,
  };
}

/** With the defaults of the store, a row a second. */
async function watchForReal() {
  writeConfiguration(folder, {});
  const daemon = startSpokenDaemon(folder);
  await daemon.watching();
  let since = { cpuS: 0, timeMs: 0 };
  const rows = WARM_UP_ROWS + minutes * MINUTE_ROWS;
  const firstMs = Math.ceil(Date.now() / ROW_MS) * ROW_MS;
  for (let row = 0; row <= rows; row += 1) {
    const dueMs = firstMs + row * ROW_MS;
    await sleep(Math.max(0, dueMs - Date.now()));
    if (row === WARM_UP_ROWS) since = { cpuS: daemon.cpuS(), timeMs: performance.now() };
    await daemon.say(lineAt(dueMs, random));
  }
  const cpuS = daemon.cpuS() - since.cpuS;
  const { nowMb, peakMb } = daemon.memory();
  const seconds = (performance.now() - since.timeMs) / 1000;
  await daemon.stop();
  return {
    minutes,
    cpuPercent: Math.round((10_000 * cpuS) / seconds) / 100,
    ...{ rssMb: nowMb, peakMb },
  };
}

async function settle(daemon: SpokenDaemon): Promise<void> {
  const fromMs = startMs + LEARN_ROWS * ROW_MS;
  for (let row = 0; row < SETTLING_ROWS; row += 1) {
    await daemon.say(lineAt(fromMs + row * ROW_MS, random));
    await sleep(ROW_MS);
  }
}

async function speak(daemon: SpokenDaemon, fromMs: number, rows: number): Promise<void> {
  for (let row = 0; row < rows; row += 1) {
    await daemon.say(lineAt(fromMs + row * ROW_MS, random));
  }
}

/** A real minute is long enough for the kernel to write its cache back; a simulated one is not. */
function syncHistory(): void {
  for (const name of [HISTORY_FILE, `${HISTORY_FILE}-wal`]) {
    const path = join(folder, 'state', name);
    if (existsSync(path)) writeBack(path);
  }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
