import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { endProcess, groupLeaver, pidsIn } from '../../io/leaver.ts';
import { freePort } from '../../io/mosquitto.ts';
import { receiveAlerts, startLastingBroker } from '../endurance/receiver.ts';
import { type SpikeSettings, writeSpikeStreams } from '../endurance/spikes.ts';
import { attack, type Ending, type Scene } from './harness.ts';
import { LEARNT, SOURCES, speak } from './load.ts';
import { SCRIPT_NAMES, startScriptedBroker } from './scripted-broker.ts';

/** From the first states that wait to the signal: long enough to send, and to be refused, ms. */
const MEANWHILE_MS = 1500;

const SPOKEN = { spoken: SOURCES.spoken };

for (const version of [4, 5] as const) {
  const name = version === 5 ? 'MQTT 5' : 'MQTT 3.1.1';
  const settings = { broker: `protocolVersion: ${version}` };
  attack(
    `stopped while the broker is broken in ${SCRIPT_NAMES.length + 2} ways, ${name}`,
    ['mosquitto'],
    async (scene) => {
      const broker = await startLastingBroker();
      const url = `mqtt://127.0.0.1:${broker.port}`;
      const heard = await receiveAlerts(url);
      for (const script of SCRIPT_NAMES) {
        const scripted = await startScriptedBroker(script);
        const sources = { ...SPOKEN, published: SOURCES.published };
        await writeSpikeStreams(scene.folder, scripted.url, sources, settings);
        await startAndStop(scene, `broker ${script}: `);
        scene.check(scripted.heard.length > 0, `the broker that ${script} was never met`);
        await scripted.close();
      }
      const nobody = `mqtt://127.0.0.1:${await freePort()}`;
      await writeSpikeStreams(scene.folder, nobody, SPOKEN, settings);
      await startAndStop(scene, 'no broker: ');

      await writeSpikeStreams(
        scene.folder,
        url,
        { ...SPOKEN, published: SOURCES.published },
        settings,
      );
      const before = heard.length;
      await startAndStop(scene, 'broker under SIGSTOP: ', async () => {
        await scene.checkWithin(30_000, 'nothing arrives', () => heard.length > before);
        broker.signal('SIGSTOP');
      });
      broker.signal('SIGCONT');
      await sendRest(scene, heard);
    },
  );
}

attack('stopped while children and plug-ins do not end', ['mosquitto'], async (scene) => {
  const broker = await startLastingBroker();
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const heard = await receiveAlerts(url);
  writeStubborn(scene.folder);
  const exec = (mode: string) =>
    `{kind: exec, mode: ${mode}, intervalMs: 200, command: [./${mode}.sh], channels: [{name: a, key: value}]}`;
  const plugins = 'plugins: [./stubborn.mjs]';
  const situations: Readonly<
    Record<string, readonly [Readonly<Record<string, string>>, SpikeSettings]>
  > = {
    'a child that ignores SIGTERM, with a grandchild: ': [
      { ...SPOKEN, printed: exec('lines') },
      {},
    ],
    'a child whose grandchild keeps its output: ': [{ ...SPOKEN, polled: exec('poll') }, {}],
    'a plug-in whose source does not end: ': [
      { ...SPOKEN, endless: '{kind: endless}' },
      { sections: plugins },
    ],
    'a plug-in whose sink does not close: ': [
      SPOKEN,
      { sections: plugins, sinks: '[{kind: mqtt}, {kind: unclosed}]' },
    ],
  };
  for (const [what, [sources, settings]] of Object.entries(situations)) {
    await writeSpikeStreams(scene.folder, url, sources, settings);
    await startAndStop(scene, what);
  }
  const learning = { published: SOURCES.published };
  await writeSpikeStreams(scene.folder, url, learning, { streams: LEARNT });
  const run = scene.start();
  await run.until('learning what is normal');
  await scene.stop(run, 'while it learns: ');
  pidsIn(join(scene.folder, 'pids')).forEach(endProcess);
  await sendRest(scene, heard, 'any'); // alerts for the sink of the plug-in may be left
});

/** Starts a daemon, waits until it has committed alerts, and stops it in the middle. */
async function startAndStop(scene: Scene, what: string, ready = async () => {}): Promise<void> {
  const before = scene.look(false).length;
  const run = scene.start();
  const spoken = speak(run);
  await scene.checkWithin(
    30_000,
    `${what}nothing is committed`,
    () => scene.look(true).length > before + 4,
  );
  await ready();
  await sleep(MEANWHILE_MS);
  await scene.stop(run, what);
  spoken.stop();
}

/** What the stopped daemons have left unsent arrives by one that is well. */
async function sendRest(scene: Scene, heard: Ending['heard'], health: Ending['health'] = true) {
  const { url } =
    /url: "(?<url>[^"]+)"/.exec(readFileSync(join(scene.folder, 'sentigon.yaml'), 'utf8'))
      ?.groups ?? {};
  await writeSpikeStreams(scene.folder, url ?? '', SPOKEN);
  const last = scene.start();
  speak(last).calm();
  await last.until('"watching"');
  await scene.end(last, { heard, health });
}

/** Programs and a plug-in that do not do as they are told; grandchildren write their process ids to `pids`. */
function writeStubborn(folder: string): void {
  const programs = {
    'lines.sh': 'trap "" TERM\nsleep 600 & echo $! >> pids\nwhile :; do echo 0; sleep 0.1; done',
    'poll.sh': `${groupLeaver().command}\necho 1`,
  };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  writeFileSync(
    join(folder, 'stubborn.mjs'),
    `export default { api: 1, name: 'stubborn',
  sources: [{ kind: 'endless', summary: 'does not hear its signal', create: () => ({ live: true,
    channels: [{ id: 'a', unit: '' }], async *samples() {
      for (;;) { await new Promise((resolve) => setTimeout(resolve, 50)); yield { timeMs: Date.now(), values: [0] }; }
    } }) }],
  sinks: [{ kind: 'unclosed', summary: 'does not close', create: () => {
    setInterval(() => undefined, 1000);
    return { async send() {}, close: () => new Promise(() => undefined) };
  } }] };
`,
  );
  onTestFinished(() => pidsIn(join(folder, 'pids')).forEach(endProcess));
}
