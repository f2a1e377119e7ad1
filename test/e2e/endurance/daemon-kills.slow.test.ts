import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { HISTORY_FILE } from '../../../src/app/state/state-files.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { hasMosquitto } from '../../io/mosquitto.ts';
import { count, peek } from '../../io/store/open-store.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { startSentigon } from '../sentigon.ts';
import { type AlertState, committedIn, compare } from './ledger.ts';
import { receiveAlerts, startLastingBroker } from './receiver.ts';
import { printFigures, shareOf } from './share.ts';
import { speakSpikes, writeSpikeStreams } from './spikes.ts';

const KILLS = shareOf(100);
const SEED = 13;
/** Some kills fall into the start of the daemon, which takes a second or so. */
const LONGEST_LIFE_MS = 4000;
/** Long enough that many a kill finds an alert open. */
const SPIKES = { period: 40, length: 18 };

it.skipIf(!hasMosquitto)(
  'a daemon killed 100 times at random moments loses no alert, and goes on with those that are open',
  async () => {
    const folder = tempFolder();
    const history = join(folder, 'state', HISTORY_FILE);
    const broker = await startLastingBroker();
    const url = `mqtt://127.0.0.1:${broker.port}`;
    await writeSpikeStreams(folder, url, { spoken: '{kind: stdin, channels: [a]}' });
    const heard = await receiveAlerts(url);
    const start = () => startSentigon(['run'], { cwd: folder, listens: true });
    const random = createRandom(SEED);
    let before: readonly AlertState[] = [];
    const openAtKills: string[] = [];
    let mostWaiting = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      // each third time without a broker, so that what is committed has to wait
      if (kill % 3 === 2) await broker.stop('SIGTERM');
      const run = start();
      const hush = speakSpikes(run, SPIKES);
      await sleep(random.uniform() * LONGEST_LIFE_MS);
      run.child.kill('SIGKILL');
      expect((await run.ended).code).toBe(null);
      hush();
      const left = leftBehind(folder);
      expect(left.integrity).toBe('ok');
      expect(left.committed.slice(0, before.length)).toEqual(before);
      before = left.committed;
      openAtKills.push(...left.open);
      mostWaiting = Math.max(mostWaiting, left.waiting);
      if (kill % 3 === 2) await broker.start();
    }
    const last = start();
    const hush = speakSpikes(last, SPIKES);
    await last.until('"watching"');
    await vi.waitUntil(
      () => count(history, 'outbox') === 0 && openIn(committedIn(history)).length === 0,
      { timeout: 60_000, interval: 20 },
    );
    hush();
    last.child.kill('SIGTERM');
    const { code } = await last.ended;
    const committed = committedIn(history);
    await vi
      .waitUntil(() => compare(committed, heard).lost.length === 0, { timeout: 20_000 })
      .catch(() => undefined); // what is lost is told below

    const { lost, unknown, outOfOrder, ...numbers } = compare(committed, heard);
    printFigures('daemon killed', {
      kills: KILLS,
      ...numbers,
      ...{ lost: lost.length, outOfOrder: outOfOrder.length, mostWaiting },
      openAtKills: openAtKills.length,
    });
    expect(code).toBe(0);
    expect(lost).toEqual([]);
    expect(unknown).toEqual([]);
    expect(outOfOrder).toEqual([]);
    expect(mostWaiting).toBeGreaterThan(0);
    expect(openAtKills.length).toBeGreaterThan(0);
    expect(brokenLives(committed)).toEqual([]);
    expect(readdirSync(join(folder, 'state')).filter((name) => /corrupt/.test(name))).toEqual([]);
  },
);

interface LeftBehind {
  readonly integrity: string;
  readonly committed: readonly AlertState[];
  readonly open: readonly string[];
  readonly waiting: number;
}

/** What a killed daemon has left, read from a copy, so that nobody mends it before the next one does. */
function leftBehind(folder: string): LeftBehind {
  const state = join(folder, 'state');
  if (!existsSync(join(state, HISTORY_FILE))) {
    return { integrity: 'ok', committed: [], open: [], waiting: 0 };
  }
  const copy = mkdtempSync(join(folder, 'copy-'));
  try {
    for (const name of readdirSync(state).filter((file) => file.startsWith(HISTORY_FILE))) {
      copyFileSync(join(state, name), join(copy, name));
    }
    const path = join(copy, HISTORY_FILE);
    const [check] = peek<{ integrity_check: string }>(path, 'PRAGMA integrity_check');
    const integrity = check?.integrity_check ?? 'no answer';
    const tables = peek<{ name: string }>(
      path,
      "SELECT name FROM sqlite_master WHERE name = 'alert'",
    );
    if (tables.length === 0) return { integrity, committed: [], open: [], waiting: 0 };
    const committed = committedIn(path);
    return { integrity, committed, open: openIn(committed), waiting: count(path, 'outbox') ?? 0 };
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function livesOf(committed: readonly AlertState[]): ReadonlyMap<string, readonly string[]> {
  const lives = new Map<string, string[]>();
  for (const { name } of committed) {
    const [id = '', state = ''] = name.split(' ');
    lives.set(id, [...(lives.get(id) ?? []), state]);
  }
  return lives;
}

/** Ids of alerts that have not been closed. */
function openIn(committed: readonly AlertState[]): string[] {
  return [...livesOf(committed)].filter(([, life]) => life.at(-1) !== 'closed').map(([id]) => id);
}

/** Alerts that were not opened once, perhaps updated, and closed once, before the next one was opened. */
function brokenLives(committed: readonly AlertState[]): string[] {
  const lives = [...livesOf(committed)].filter(
    ([, life]) => !/^opened(,updated)*,closed$/.test(life.join()),
  );
  const runs = committed.filter(
    ({ name }, index) => name.split(' ')[0] !== committed[index - 1]?.name.split(' ')[0],
  );
  return [
    ...lives.map(([id, life]) => `${id}: ${life.join()}`),
    ...(runs.length === livesOf(committed).size ? [] : ['two alerts were open at once']),
  ];
}
