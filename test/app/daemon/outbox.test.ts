import { join } from 'node:path';
import { expect, it } from 'vitest';
import { HISTORY_FILE } from '../../../src/app/state/state-files.ts';
import { openStore } from '../../../src/io/store/sqlite-store.ts';
import { alertOf } from '../../io/alerts.ts';
import { subscribe } from '../../io/subscriber.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { writeMachineModel, writeRecording } from '../recording.ts';
import { broker, configOf, start } from './setup.ts';

const ROOT = 'sentigon/pi';

it('starts over alerts of an impossible time, sends them, and says whose alerts nobody sends (#18)', async () => {
  const url = await broker();
  const folder = tempFolder();
  const path = writeRecording(folder, 'day.csv', { rows: 400, seed: 2, faults: [] });
  const model = await writeMachineModel(folder);
  const streams = [{ id: 'machine', source: { kind: 'csv', path, speed: 1 }, model }];
  const sinks = [{ kind: 'log' }, { kind: 'mqtt' }];
  const config = configOf(streams, { broker: { url }, sinks });
  const store = openStore(join(config.state, HISTORY_FILE));
  const ofMachine = { streamId: 'machine' };
  const impossible = { ...ofMachine, timeMs: 1e18, startMs: 1e18 };
  store.addAlert(alertOf('sent', 'opened', impossible), []);
  store.addAlert(alertOf('unsent', 'opened', impossible), ['log', 'mqtt']);
  store.addAlert(alertOf('behind', 'opened', ofMachine), ['log', 'mqtt', 'mqtt2']);
  store.close();

  const heard = await subscribe(url, `${ROOT}/#`);
  const daemon = start(config);
  for (const id of ['unsent', 'behind']) {
    await heard.next(({ topic, text }) => topic.endsWith('/event') && text.includes(`"${id}"`));
  }
  const stranded =
    "1 alert state waits for sink 'mqtt2', which is not configured: sentigon ctl outbox moves or drops it";
  expect(daemon.log.map(({ msg }) => msg)).toContain(stranded);
  const answer = async (verb: string, request: object) => {
    await heard.publish(`${ROOT}/request/${verb}`, JSON.stringify(request));
    const { text } = await heard.next(({ topic }) => topic === `${ROOT}/response/${verb}`);
    return JSON.parse(text);
  };
  await heard.next(({ topic }) => topic === `${ROOT}/info`); // it hears requests
  expect(await answer('health_check', {})).toMatchObject({
    data: { healthy: false, problems: expect.arrayContaining([stranded]) },
  });
  expect(await answer('alerts', { days: 1e6 })).toMatchObject({ status: 'ok' });
  expect(await answer('outbox', { action: 'move', from: 'mqtt2', to: 'log' })).toMatchObject({
    data: { moved: 1 },
  });
  const logged = (): number => daemon.log.filter(({ msg }) => msg.includes('opened on')).length;
  await expect.poll(logged).toBeGreaterThanOrEqual(3);
  expect(daemon.log.map(({ msg }) => msg)).toContain(`no longer a problem: ${stranded}`);
  daemon.stop();
  expect(await daemon.outcome).toEqual({ unsent: 0, busy: [] });
});
