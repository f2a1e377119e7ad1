import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../../src/engine/random.ts';
import { receiveAlerts, startLastingBroker } from '../endurance/receiver.ts';
import { shareOf } from '../endurance/share.ts';
import { writeSpikeStreams } from '../endurance/spikes.ts';
import { attack } from './harness.ts';
import { publish, recording, SOURCES, speak, TOPIC } from './load.ts';

const KILLS = shareOf(30);
const SEED = 18;
const SHORTEST_LIFE_MS = 500;
const LONGEST_LIFE_MS = 4000;

attack('the daemon is killed with SIGKILL 30 times', ['mosquitto'], async (scene) => {
  const broker = await startLastingBroker();
  const url = `mqtt://127.0.0.1:${broker.port}`;
  await writeSpikeStreams(scene.folder, url, SOURCES);
  const heard = await receiveAlerts(url);
  const published = await publish(url, TOPIC);
  // each daemon has a recording of its own: what an earlier one has found is not found again
  const writePart = (part: number): void => {
    const text = recording(LONGEST_LIFE_MS / 1000, { calmSeconds: 120, part });
    writeFileSync(join(scene.folder, 'recorded.csv'), text);
  };
  const random = createRandom(SEED);
  for (let kill = 0; kill < KILLS; kill += 1) {
    writePart(kill);
    // each third time without a broker, so that what is committed has to wait
    if (kill % 3 === 2) await broker.stop('SIGTERM');
    const run = scene.start();
    const spoken = speak(run);
    await sleep(SHORTEST_LIFE_MS + random.uniform() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS));
    await scene.kill(run);
    spoken.stop();
    scene.look(false);
    if (kill % 3 === 2) await broker.start();
  }
  writePart(KILLS);
  const last = scene.start();
  const spoken = speak(last);
  await last.until(/(.*"watching"){3}/s);
  await sleep(2000);
  spoken.calm();
  published.calm();
  await scene.end(last, { heard });
});
