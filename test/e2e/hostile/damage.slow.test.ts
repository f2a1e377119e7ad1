import { chmodSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Subscriber, subscribe } from '../../io/subscriber.ts';
import { receiveAlerts, startLastingBroker } from '../endurance/receiver.ts';
import { ROW_MS, writeSpikeStreams } from '../endurance/spikes.ts';
import { sentigon } from '../sentigon.ts';
import { attack, type HealthAnswer, type Scene } from './harness.ts';
import { LEARN_ROWS, LEARNT, pastRows, publish, SOURCES, speak, TOPIC } from './load.ts';

const HASTY = 'store: {flushMs: 1000}';
/** Until the daemon has noticed what happened to its files, ms. */
const NOTICED_MS = 30_000;
/** Between two attempts to open a source lies a minute at most, ms. */
const OPENED_AGAIN_MS = 90_000;

const DAMAGES: Readonly<Record<string, (scene: Scene) => void>> = {
  'the history is cut to nothing while the daemon runs': ({ history }) => truncateSync(history, 0),
  'the state folder is deleted while the daemon runs': ({ state }) =>
    rmSync(state, { recursive: true }),
};

for (const [title, damage] of Object.entries(DAMAGES)) {
  attack(title, ['mosquitto'], async (scene) => {
    const { url, heard } = await brokerAndReceiver();
    await writeSpikeStreams(scene.folder, url, { spoken: SOURCES.spoken }, { sections: HASTY });
    const asking = await subscribe(url, 'sentigon/pi/response/#');
    const run = scene.start();
    const first = speak(run);
    await run.until('"watching"');
    await sleep(3000);
    // nothing may be under way that the attack itself would lose
    first.calm();
    await scene.checkWithin(30_000, 'the outbox does not drain', () => scene.waiting() === 0);
    first.stop();
    scene.look(true);
    damage(scene);
    scene.destroyed();
    const spoken = speak(run);
    await checkGoingOn(scene, heard);
    await scene.checkWithin(
      NOTICED_MS,
      'health does not say that the history is gone',
      async () => {
        const { healthy, problems } = await askOverMqtt(asking);
        return !healthy && /history|state|database|disk/i.test(problems.join());
      },
    );
    scene.check(
      heard.some(({ stream }) => stream === 'storage'),
      'there is no alert of it',
    );
    await checkGoingOn(scene, heard);
    spoken.stop();
    await scene.stop(run);
    const last = scene.start();
    const again = speak(last);
    await last.until('"watching"');
    await checkGoingOn(scene, heard);
    again.calm();
    await scene.end(last, { heard, health: 'any' });
  });
}

attack('a learnt model is damaged, and a copy of it is not', ['mosquitto'], async (scene) => {
  const { url, heard } = await brokerAndReceiver();
  const published = await publish(url, TOPIC);
  const streams = { published: SOURCES.published };
  await writeSpikeStreams(scene.folder, url, streams, { streams: LEARNT });
  const first = scene.start();
  await pastRows(first).tell(LEARN_ROWS + 100);
  await first.until(/(.*"watching"){2}/s);
  const id = modelIn(first.stdout());
  await scene.stop(first);
  scene.look(false);

  const path = join(scene.state, 'models', 'learnt.safetensors');
  const bytes = readFileSync(path);
  writeFileSync(
    path,
    bytes.map((byte, at) => (at > bytes.length / 2 ? byte ^ 0xff : byte)),
  );
  const last = scene.start();
  await pastRows(last).tell(10);
  await last.until(/"streamId":"(learnt)".*("watching"|learning what is normal)/);
  const found = modelIn(last.stdout());
  scene.check(found === id, `it watches with ${found ?? 'no model'} instead of the copy of ${id}`);
  const { problems } = await scene.health();
  const told = `${last.stdout()}${problems.join()}`;
  scene.check(/copy|archive/i.test(told), 'neither the log nor health says that a copy was taken');
  await checkGoingOn(scene, heard);
  published.calm();
  await scene.end(last, { heard, health: 'any' });
});

attack('the program of a stream is missing, then there', ['mosquitto'], async (scene) => {
  const { url, heard } = await brokerAndReceiver();
  const events = await subscribe(url, 'sentigon/pi/+/event');
  const published = await publish(url, TOPIC);
  const program = join(scene.folder, 'sensor');
  const printed = `{kind: exec, mode: lines, command: ["${program}"], channels: [{name: a, key: value}]}`;
  await writeSpikeStreams(scene.folder, url, { published: SOURCES.published, printed });
  const run = scene.start();
  await run.until(/(.*"watching"){2}/s);
  await scene.checkWithin(NOTICED_MS, 'ctl health_check does not name the stream', async () => {
    const { healthy, problems } = await askByCtl(scene);
    return !healthy && problems.some((problem) => problem.includes('printed'));
  });
  await scene.checkWithin(10_000, "no alert of kind 'stream_failed' arrives", () =>
    events.messages.some(
      ({ topic, text }) => topic.includes('printed') && text.includes('"stream_failed"'),
    ),
  );
  writeFileSync(
    program,
    `#!/bin/sh\nwhile :; do for a in 0 0 0 9 9; do echo $a; sleep 0.1; done; done\n`,
  );
  chmodSync(program, 0o755);
  await scene.checkWithin(OPENED_AGAIN_MS, 'the stream does not come back', () =>
    events.messages.some(
      ({ topic, text }) => topic.includes('printed') && text.includes('"anomaly"'),
    ),
  );
  published.calm();
  await scene.checkWithin(NOTICED_MS, 'health does not recover', async () => {
    return (await askByCtl(scene)).healthy;
  });
  await scene.end(run, { heard, health: 'any' });
});

attack('the program of the only stream is missing', ['mosquitto'], async (scene) => {
  const { url, heard } = await brokerAndReceiver();
  const printed =
    '{kind: exec, mode: lines, command: [no-such-program], channels: [{name: a, key: value}]}';
  await writeSpikeStreams(scene.folder, url, { printed });
  const run = scene.start();
  await run.until('"watching"');
  await sleep(5000);
  scene.check(scene.isAlive(run), 'the daemon has ended');
  if (scene.isAlive(run)) await scene.end(run, { heard, health: /printed/ });
});

attack('one of two channels never speaks to a stream that learns', ['mosquitto'], async (scene) => {
  const { url, heard } = await brokerAndReceiver();
  const published = await publish(url, TOPIC);
  const half = `  - id: half
    source: {kind: mqtt, intervalMs: ${ROW_MS}, channels: [{name: a, topic: ${TOPIC}}, {name: mute, topic: well/mute}]}
    learn: {rows: 100, detector: robust-z, intervalMs: ${ROW_MS}}`;
  await writeSpikeStreams(scene.folder, url, { published: SOURCES.published }, { streams: half });
  const run = scene.start();
  const watched = await scene.checkWithin(60_000, 'the stream is not watched', () =>
    /"streamId":"half"[^\n]*"watching"/.test(run.stdout()),
  );
  const { problems } = await scene.health();
  const told = `${run.stdout()}${problems.join()}`;
  scene.check(/mute/.test(told), 'neither the log nor health names the channel that is mute');
  if (!watched)
    scene.check(
      /half/.test(problems.join()),
      'health does not name the stream that is not watched',
    );
  published.calm();
  await scene.end(run, { heard, health: 'any' });
});

async function brokerAndReceiver() {
  const broker = await startLastingBroker();
  const url = `mqtt://127.0.0.1:${broker.port}`;
  return { url, heard: await receiveAlerts(url) };
}

async function checkGoingOn(scene: Scene, heard: readonly unknown[]): Promise<void> {
  const before = heard.length;
  await scene.checkWithin(20_000, 'no more alerts arrive', () => heard.length > before + 8);
}

/** The socket for `ctl` may be gone with the folder. */
async function askOverMqtt(asking: Subscriber): Promise<HealthAnswer> {
  const transaction = `t${asking.messages.length}-${Date.now()}`;
  await asking.publish('sentigon/pi/request/health_check', JSON.stringify({ transaction }));
  const { text } = await asking.next((message) => message.text.includes(transaction));
  return (JSON.parse(text) as { readonly data: HealthAnswer }).data;
}

async function askByCtl({ folder }: Scene): Promise<HealthAnswer> {
  const { stdout } = await sentigon(['ctl', 'health_check'], { cwd: folder });
  return JSON.parse(stdout) as HealthAnswer;
}

/** Id of the model that the stream that learns was last watched with. */
function modelIn(log: string): string | undefined {
  return [...log.matchAll(/"streamId":"learnt","model":"(\w+)"[^\n]*"watching"/g)].at(-1)?.[1];
}
