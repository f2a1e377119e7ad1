import { join } from 'node:path';
import { expect, it } from 'vitest';
import { askDaemon, CONTROL_SOCKET } from '../../../src/io/local/control-socket.ts';
import { httpReceiver } from '../../io/sinks/receivers.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { writeMachineModel, writeRecording } from '../recording.ts';
import { configOf, start } from './setup.ts';

it('notifies over HTTP what it found while the receiver was away, and sends a test message when asked (#21)', async () => {
  const receiver = await httpReceiver();
  const folder = tempFolder();
  const path = writeRecording(folder, 'day.csv', { rows: 900, seed: 3, faults: [[60, 80]] });
  const model = await writeMachineModel(folder);
  const streams = [{ id: 'machine', source: { kind: 'csv', path, speed: 100 }, model }];
  const sinks = [{ kind: 'log' }, { kind: 'webhook', url: receiver.url }];
  await receiver.kill();
  const daemon = start(configOf(streams, { sinks, state: join(folder, 'state') }));
  const closed = () => daemon.alerts.some(({ state }) => state === 'closed');
  await expect.poll(closed).toBe(true);
  expect(receiver.requests).toEqual([]);
  await receiver.revive();
  const news = () => receiver.requests.map(({ body }) => JSON.parse(body).notice);
  await expect.poll(news).toContain('closed');
  expect(news()[0]).toBe('opened');
  expect(JSON.parse(receiver.requests[0]?.body ?? '')).toMatchObject({
    ...{ node: 'pi', stream: 'machine', message: expect.stringMatching(/^\w/) },
  });
  const before = receiver.requests.length;
  const asked = { verb: 'test-sink', id: 'webhook' };
  const reply = await askDaemon(join(folder, 'state', CONTROL_SOCKET), asked, 60_000);
  expect(reply).toEqual({
    ...{ status: 'ok', data: { sink: 'webhook', answer: `${receiver.url} answered 200 (ok)` } },
  });
  expect(receiver.requests).toHaveLength(before + 1);
  daemon.stop();
  await daemon.outcome;
});
