import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { peek } from '../../io/store/open-store.ts';
import { receiveAlerts, startLastingBroker } from '../endurance/receiver.ts';
import { writeSpikeStreams } from '../endurance/spikes.ts';
import { DAY_S, fakeClock, HOUR_S } from './fake-clock.ts';
import { attack, type Scene } from './harness.ts';
import { publish, SOURCES, speak, TOPIC, untimedLine } from './load.ts';

/** Longer than the daemon takes to notice that its clock was set, ms. */
const NOTICED_MS = 13_000;
/** Scores are written, and old ones forgotten, each second. */
const HASTY = 'store: {flushMs: 1000}';
const NEEDS = ['mosquitto', 'faketime'] as const;

attack('clock ten days behind, broker away, then both right', NEEDS, async (scene) => {
  const broker = await startLastingBroker();
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const heard = await receiveAlerts(url);
  await broker.stop('SIGTERM');
  const clock = fakeClock(scene.folder, -10 * DAY_S);
  await writeSpikeStreams(scene.folder, url, { spoken: SOURCES.spoken }, { sections: HASTY });

  // set while the daemon runs
  const first = scene.start({ env: clock.env });
  const spoken = speak(first, untimedLine);
  await scene.checkWithin(30_000, 'nothing waits for the broker', () => scene.waiting() > 26);
  clock.set(0);
  await sleep(NOTICED_MS);
  await checkNothingDropped(scene);
  spoken.stop();
  await scene.stop(first);
  scene.look(false);

  // set between two starts
  clock.set(-10 * DAY_S);
  const second = scene.start({ env: clock.env });
  const more = speak(second, untimedLine);
  await second.until('"watching"');
  await sleep(2000);
  more.stop();
  await scene.kill(second);
  scene.look(false);
  clock.set(0);
  const last = scene.start({ env: clock.env });
  const again = speak(last, untimedLine);
  await last.until('"watching"');
  await sleep(3000);
  await checkNothingDropped(scene);
  again.calm();
  await broker.start();
  await scene.end(last, { heard });
});

attack('clock 800 days ahead for 8 s, and a row of the year 2133', NEEDS, async (scene) => {
  const broker = await startLastingBroker();
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const heard = await receiveAlerts(url);
  const clock = fakeClock(scene.folder);
  const settings = { sections: HASTY };
  await writeSpikeStreams(scene.folder, url, { spoken: SOURCES.spoken }, settings);
  const run = scene.start({ env: clock.env });
  const spoken = speak(run, untimedLine);
  await run.until('"watching"');
  await sleep(10_000);
  const beforeMs = Date.now() - 2000;
  const scores = scoresUntil(scene, beforeMs);
  scene.check(scores > 0, 'no score was kept');
  scene.look(true);

  clock.set(800 * DAY_S);
  await sleep(8000);
  clock.set(0);
  await sleep(5000);
  checkScores(scene, beforeMs, scores, '8 s of a wrong clock');
  scene.look(true);

  run.child.stdin?.write(`${JSON.stringify({ time: '2133-01-01T00:00:00Z', a: 0 })}\n`);
  await sleep(5000);
  checkScores(scene, beforeMs, scores, 'a row of the year 2133');
  scene.look(true);
  spoken.calm();
  await scene.end(run, { heard, health: 'any' });
});

attack('clock set by hours to and fro under load', NEEDS, async (scene) => {
  const broker = await startLastingBroker();
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const heard = await receiveAlerts(url);
  const clock = fakeClock(scene.folder);
  const { published: topic, spoken: stdin } = SOURCES;
  const sources = { published: topic, spoken: stdin };
  await writeSpikeStreams(scene.folder, url, sources, { sections: HASTY });
  const published = await publish(url, TOPIC);
  const run = scene.start({ env: clock.env });
  const spoken = speak(run, untimedLine);
  await run.until(/(.*"watching"){2}/s);
  for (const hours of [3, -5, 7, -1, 12, -12, 1, 0]) {
    clock.set(hours * HOUR_S);
    await sleep(3000);
  }
  const before = heard.length;
  for (const id of Object.keys(sources)) {
    await scene.checkWithin(30_000, `stream ${id} raises no more alerts`, () =>
      heard.slice(before).some(({ stream }) => stream === id),
    );
  }
  spoken.calm();
  published.calm();
  await scene.end(run, { heard, health: 'any' }); // rows that lie hours ahead may still be reported
});

/** What was committed and has not arrived must wait in the outbox. */
async function checkNothingDropped(scene: Scene): Promise<void> {
  const committed = scene.look(true).length;
  const waiting = scene.waiting();
  scene.check(waiting >= committed, `${committed} states are committed, ${waiting} wait`);
  const { problems } = await scene.health();
  scene.check(
    problems.some((problem) => problem.includes('wait for sink')),
    `health does not say that alerts wait: '${problems.join('; ')}'`,
  );
}

function scoresUntil({ state }: Scene, toMs: number): number {
  const sql = `SELECT count(*) AS n FROM score WHERE time_ms < ${toMs}`;
  return peek<{ n: number }>(join(state, 'history.db'), sql)[0]?.n ?? 0;
}

function checkScores(scene: Scene, beforeMs: number, scores: number, cause: string): void {
  const left = scoresUntil(scene, beforeMs);
  scene.check(left >= scores, `${cause} left ${left} of ${scores} scores`);
}
