import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { HISTORY_FILE } from '../../src/app/state/state-files.ts';
import { createRandom } from '../../src/engine/random.ts';
import { startBroker } from '../../src/io/broker/embedded.ts';
import type { AlertPayload } from '../../src/io/text/alert-payload.ts';
import { names } from '../app/daemon/setup.ts';
import { START_MS, writeMachineModel, writeRecording } from '../app/recording.ts';
import { freePort } from '../io/mosquitto.ts';
import { peek } from '../io/store/open-store.ts';
import { subscribe } from '../io/subscriber.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { startSentigon } from './sentigon.ts';

/** The slow tests kill a daemon a hundred times. */
const KILLS = 4;
const SEED = 7;
/** The replay takes 2.3 s: kills fall in its first two thirds, and on a busy machine still before its end. */
const SPEED = 1600;
const LONGEST_MS = 1500;

const FAULTS = Array.from({ length: 40 }, (_, k) => [40 + 90 * k, 55 + 90 * k] as const);
const expected = FAULTS.map(([from]) => `anomaly-machine-${START_MS + from * 1000}`).flatMap(
  (id) => [`${id} opened`, `${id} closed`],
);

it('a replay killed at 4 random moments delivers every alert that was ever committed', async () => {
  const folder = tempFolder();
  const csv = writeRecording(folder, 'machine.csv', { rows: 3700, seed: 12, faults: FAULTS });
  const model = await writeMachineModel(folder);
  const state = join(folder, 'state');
  const port = await freePort();
  const url = `mqtt://127.0.0.1:${port}`;
  const replay = ['replay', csv, '-m', model, '--state', state, '--broker', url, '--json'];
  const moments = createRandom(SEED);
  const committed = new Set<string>();
  const heard = new Set<string>();
  let waited = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    // every other time without a broker, so that committed alerts have to wait in the outbox
    const listener = kill % 2 === 0 ? await listen(port, heard) : undefined;
    const run = startSentigon([...replay, '--speed', String(SPEED)]);
    await run.until('"alert"');
    await sleep(moments.uniform() * LONGEST_MS);
    run.child.kill('SIGKILL');
    expect((await run.ended).code).toBe(null);
    const history = join(state, HISTORY_FILE);
    for (const name of names(peek(history, 'SELECT id, state FROM alert'))) committed.add(name);
    waited += peek(history, 'SELECT * FROM outbox').length;
    await listener?.close();
  }
  const listener = await listen(port, heard);
  const last = await startSentigon(replay).ended;
  await listener.close();

  expect(last.code).toBe(0);
  expect(waited).toBeGreaterThan(0);
  expect([...committed].filter((name) => !heard.has(name))).toEqual([]);
  expect([...heard].sort()).toEqual([...expected].sort());
  const history = join(state, HISTORY_FILE);
  expect(names(peek(history, 'SELECT id, state FROM alert ORDER BY sequence'))).toEqual(expected);
}, 300_000);

/** A broker with a subscriber that remembers what it heard. */
async function listen(port: number, heard: Set<string>): Promise<{ close(): Promise<void> }> {
  const broker = await startBroker({ port });
  const subscriber = await subscribe(broker.url, 'sentigon/+/machine/event');
  return {
    async close() {
      // a broker acknowledges before its subscribers have read; what it took before this is read before this
      await subscriber.publish('sentigon/end/machine/event', '');
      await subscriber.next(({ topic }) => topic.startsWith('sentigon/end/'));
      for (const { text } of subscriber.messages.filter(({ text }) => text !== '')) {
        const { id, event_type: event } = JSON.parse(text) as AlertPayload;
        heard.add(`${id} ${event}`);
      }
      await subscriber.end();
      await broker.close();
    },
  };
}
