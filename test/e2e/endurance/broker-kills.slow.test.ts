import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { HISTORY_FILE } from '../../../src/app/state/state-files.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { START_MS } from '../../app/recording.ts';
import { hasMosquitto } from '../../io/mosquitto.ts';
import { count } from '../../io/store/open-store.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { startSentigon } from '../sentigon.ts';
import { committedIn, compare } from './ledger.ts';
import { receiveAlerts, startLastingBroker } from './receiver.ts';
import { printFigures, shareOf } from './share.ts';
import { ROW_MS, spikeAt, writeSpikeStreams } from './spikes.ts';

const KILLS = shareOf(50);
const STREAMED_MS = shareOf(600_000);
const SEED = 11;
/** How long a broker stays away at most, ms. */
const LONGEST_ABSENCE_MS = 4000;

const ROWS = STREAMED_MS / ROW_MS;
const SPIKES = { period: 20, length: 3 };
/** Each has four states. */
const planted = Math.ceil(ROWS / SPIKES.period) * 4;

it.skipIf(!hasMosquitto)(
  'a broker killed and restarted 50 times in ten minutes costs no alert and no order',
  async () => {
    const folder = tempFolder();
    writeRows(join(folder, 'recorded.csv'));
    const broker = await startLastingBroker();
    const url = `mqtt://127.0.0.1:${broker.port}`;
    await writeSpikeStreams(folder, url, {
      spoken: '{kind: stdin, channels: [a]}',
      printed: `{kind: exec, mode: lines, command: [${process.execPath}, -e, '${printing()}'], channels: [{name: a, key: value}]}`,
      recorded: '{kind: csv, path: recorded.csv, speed: 1}',
    });
    const heard = await receiveAlerts(url);
    const run = startSentigon(['run'], { cwd: folder, listens: true });
    await run.until(/(.*"watching"){3}/s);
    const spoken = speakRows((line) => void run.child.stdin?.write(line));

    const random = createRandom(SEED);
    const stepMs = STREAMED_MS / KILLS;
    let mostWaiting = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const absenceMs = random.uniform() * LONGEST_ABSENCE_MS;
      const aliveMs = (stepMs - LONGEST_ABSENCE_MS) * random.uniform();
      await sleep(aliveMs);
      await broker.stop('SIGKILL');
      await sleep(absenceMs);
      mostWaiting = Math.max(
        mostWaiting,
        count(join(folder, 'state', HISTORY_FILE), 'outbox') ?? 0,
      );
      await broker.start();
      await sleep(stepMs - aliveMs - absenceMs);
    }
    await spoken;
    const history = join(folder, 'state', HISTORY_FILE);
    await vi.waitUntil(() => count(history, 'outbox') === 0, { timeout: 90_000, interval: 200 });
    await vi
      .waitUntil(() => compare(committedIn(history), heard).lost.length === 0, {
        timeout: 30_000,
        interval: 500,
      })
      .catch(() => undefined); // what is lost is told below
    run.child.kill('SIGTERM');
    const { code } = await run.ended;

    const committed = committedIn(history);
    const { lost, unknown, outOfOrder, ...numbers } = compare(committed, heard);
    const byStream = Object.fromEntries(
      ['spoken', 'printed', 'recorded'].map((id) => [
        id,
        committed.filter(({ stream }) => stream === id).length,
      ]),
    );
    printFigures('broker killed', {
      kills: KILLS,
      ...numbers,
      ...{ lost: lost.length, outOfOrder: outOfOrder.length, mostWaiting, byStream },
    });
    expect(code).toBe(0);
    expect(lost).toEqual([]);
    expect(unknown).toEqual([]);
    expect(outOfOrder).toEqual([]);
    expect(mostWaiting).toBeGreaterThan(0);
    // from the plan to the receiver: a clock of its own may blur two rows of what is printed, and not of these
    expect(byStream).toMatchObject({ spoken: planted, recorded: planted });
  },
);

function writeRows(path: string): void {
  const lines = Array.from(
    { length: ROWS },
    (_, row) => `${START_MS + row * ROW_MS},${spikeAt(row, SPIKES)}`,
  );
  writeFileSync(path, `time,a\n${lines.join('\n')}\n`);
}

/** A program that prints the same rows. */
function printing(): string {
  const rows = JSON.stringify(Array.from({ length: SPIKES.period }, (_, k) => spikeAt(k, SPIKES)));
  return `let k = 0; setInterval(() => console.log(${rows}[k++ % ${SPIKES.period}]), ${ROW_MS})`;
}

/** All rows, each when it is due. */
async function speakRows(say: (line: string) => void): Promise<void> {
  const startMs = Date.now();
  for (let row = 0; row < ROWS; row += 1) {
    const timeMs = startMs + row * ROW_MS;
    const waitMs = timeMs - Date.now();
    if (waitMs > 0) await sleep(waitMs);
    say(`${JSON.stringify({ time: timeMs, a: spikeAt(row, SPIKES) })}\n`);
  }
}
