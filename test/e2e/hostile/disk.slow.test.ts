import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { receiveAlerts, startLastingBroker } from '../endurance/receiver.ts';
import { writeSpikeStreams } from '../endurance/spikes.ts';
import type { Running } from '../sentigon.ts';
import { attack, type Scene } from './harness.ts';
import { HOUR_ROWS, LEARN_ROWS, LEARNT, pastRows, publish, SOURCES, speak, TOPIC } from './load.ts';

const HOLD_MS = 10_000;
/** Of each kind of error. */
const FAILING_MS = 8000;
const HASTY = 'store: {flushMs: 1000}';
attack('the disk is full for 10 s and longer', ['mosquitto', 'root'], async (scene) => {
  const broker = await startLastingBroker();
  const url = `mqtt://127.0.0.1:${broker.port}`;
  mountSmallDisk(scene.state);
  const settings = { sections: HASTY, streams: LEARNT };
  await writeSpikeStreams(scene.folder, url, { published: SOURCES.published }, settings);
  const heard = await receiveAlerts(url);
  const published = await publish(url, TOPIC);
  const run = scene.start();
  const past = pastRows(run);
  await past.tell(LEARN_ROWS);
  await run.until(/(.*"watching"){2}/s);
  await past.tell(2 * HOUR_ROWS);
  const blocks = () => blocksIn(scene);
  const before = blocks();
  scene.check(before.length > 0, 'no rows are kept');

  const filler = join(scene.state, 'filler');
  spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k']);
  await scene.checkWithin(30_000, 'no alert is refused by the full disk', () =>
    run.stdout().includes('could not be saved'),
  );
  await checkFlowing(scene, heard, 'while the disk is full');
  await checkTold(scene, /disk|space|full/i, 'the full disk');
  await past.tell(3 * HOUR_ROWS);
  await scene.checkWithin(10_000, 'rows older than they are kept take the full disk for ever', () =>
    blocks().every((name) => !before.includes(name)),
  );
  rmSync(filler);
  await past.tell(HOUR_ROWS);
  await sleep(3000);
  published.calm();
  await scene.end(run, { heard });
});

attack('the disk fails: EIO, ENOSPC, and now and then', ['mosquitto', 'strace'], async (scene) => {
  const broker = await startLastingBroker();
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const { published: topic, spoken: stdin } = SOURCES;
  await writeSpikeStreams(
    scene.folder,
    url,
    { published: topic, spoken: stdin },
    { sections: HASTY },
  );
  const heard = await receiveAlerts(url);
  const published = await publish(url, TOPIC);
  const run = scene.start();
  const spoken = speak(run);
  await run.until(/(.*"watching"){2}/s);
  await sleep(2000);
  for (const failing of ['error=EIO', 'error=ENOSPC', 'error=EIO:when=1+3']) {
    const end = await failWrites(run, failing);
    await sleep(FAILING_MS);
    await checkFlowing(scene, heard, `with ${failing}`);
    if (!failing.includes('when'))
      await checkTold(scene, /disk|space|full|I\/O|write|history/i, failing);
    await end();
    await sleep(2000);
  }
  scene.check(run.stdout().includes('could not be saved'), 'no alert was refused by the disk');
  spoken.calm();
  published.calm();
  await scene.end(run, { heard });
});

/** A file system of 16 MB in memory, until the test ends. */
function mountSmallDisk(path: string): void {
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'none', path]);
  onTestFinished(() => void spawnSync('umount', ['--lazy', path]));
}

/** Has every write of the daemon to a file fail, sockets apart; resolves with what ends that. */
async function failWrites({ child }: Running, failing: string): Promise<() => Promise<void>> {
  const calls = 'pwrite64,fsync,fdatasync,ftruncate,fallocate';
  const tracing = [
    '-f',
    '-o',
    '/dev/null',
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${calls}:${failing}`,
  ];
  const tracer = spawn('strace', [...tracing, '-p', String(child.pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void tracer.kill('SIGKILL'));
  const ended = new Promise<void>((resolve) => tracer.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    tracer.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('attached')) resolve();
    });
    tracer.once('close', () => reject(new Error('strace could not attach')));
  });
  return () => {
    tracer.kill('SIGINT');
    return ended;
  };
}

async function checkFlowing(scene: Scene, heard: readonly unknown[], when: string): Promise<void> {
  const before = heard.length;
  await scene.checkWithin(
    HOLD_MS,
    `fewer than 20 states arrive ${when}`,
    () => heard.length > before + 20,
  );
}

async function checkTold(scene: Scene, expected: RegExp, what: string): Promise<void> {
  const { healthy, problems } = await scene.health();
  const told = !healthy && expected.test(problems.join());
  scene.check(told, `health says nothing of ${what}: '${problems.join('; ')}'`);
}

function blocksIn({ state }: Scene): readonly string[] {
  return readdirSync(join(state, 'rows'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.rows'),
  );
}
