import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, type Random } from '../../../src/engine/random.ts';
import { freePort, type Mosquitto } from '../../io/mosquitto.ts';
import { receiveAlerts, startLastingBroker } from '../endurance/receiver.ts';
import { shareOf } from '../endurance/share.ts';
import { writeSpikeStreams } from '../endurance/spikes.ts';
import { attack } from './harness.ts';
import { publish, recording, SOURCES, speak, TOPIC } from './load.ts';
import { SCRIPT_NAMES, startScriptedBroker } from './scripted-broker.ts';

const RESTARTS = shareOf(30);
const SEED = 30;
const LONGEST_LIFE_MS = 2500;
const LONGEST_ABSENCE_MS = 1500;
/** How long a scripted broker stands in for the real one: long enough to be found after a pause. */
const SCRIPTED_MS = 4000;
/** Each sixth time it is only stopped for a moment, and keeps its connections. */
const PAUSE_EACH = 6;

/** Dead connections are noticed within the attack. */
const IMPATIENT = 'keepaliveS: 2, connectTimeoutMs: 2000';

for (const version of [4, 5] as const) {
  const name = version === 5 ? 'MQTT 5' : 'MQTT 3.1.1';
  const title = `the broker restarts 30 times and ${SCRIPT_NAMES.length} broken ones stand in for it, ${name}`;
  attack(title, ['mosquitto'], async (scene) => {
    // the subscriber and the sensor have a port of their own: what stands in for the broker is not for them
    const ownPort = await freePort();
    const broker = await startLastingBroker([
      `listener ${ownPort} 127.0.0.1`,
      'max_inflight_messages 0',
    ]);
    const own = `mqtt://127.0.0.1:${ownPort}`;
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const settings = { broker: `protocolVersion: ${version}, ${IMPATIENT}` };
    await writeSpikeStreams(scene.folder, url, SOURCES, settings);
    writeFileSync(join(scene.folder, 'recorded.csv'), recording(60, { calmSeconds: 400 }));
    const heard = await receiveAlerts(own);
    const published = await publish(own, TOPIC);
    const run = scene.start();
    await run.until(/(.*"watching"){3}/s);
    const spoken = speak(run);
    await mistreat(broker, createRandom(SEED));
    spoken.calm();
    const before = heard.length;
    await scene.checkWithin(90_000, 'the stream over MQTT does not come back', () =>
      heard.slice(before).some(({ stream }) => stream === 'published'),
    );
    published.calm();
    await scene.end(run, { heard });
  });
}

/** Ends, pauses and replaces the broker; it is up again afterwards. */
async function mistreat(broker: Mosquitto, random: Random): Promise<void> {
  const impostors = [...SCRIPT_NAMES];
  const each = Math.floor(RESTARTS / impostors.length);
  for (let restart = 0; restart < RESTARTS; restart += 1) {
    await sleep(random.uniform() * LONGEST_LIFE_MS);
    const absenceMs = random.uniform() * LONGEST_ABSENCE_MS;
    const impostor = restart % each === 0 ? impostors.shift() : undefined;
    if (!impostor && restart % PAUSE_EACH === PAUSE_EACH - 1) {
      broker.signal('SIGSTOP');
      await sleep(2 * absenceMs);
      broker.signal('SIGCONT');
      continue;
    }
    await broker.stop(restart % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
    if (impostor) {
      const scripted = await startScriptedBroker(impostor, broker.port);
      await sleep(SCRIPTED_MS);
      await scripted.close();
    } else await sleep(absenceMs);
    await broker.start();
  }
}
