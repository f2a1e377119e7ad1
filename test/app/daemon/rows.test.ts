import { expect, it } from 'vitest';
import { subscribe } from '../../io/subscriber.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { CHANNELS, START_MS, writeMachineModel, writeRecording } from '../recording.ts';
import { broker, configOf, start } from './setup.ts';

const ROOT = 'sentigon/pi';

it('rows behind an alert are kept with it, and answered over MQTT with the transaction', async () => {
  const url = await broker();
  const subscriber = await subscribe(url, `${ROOT}/#`);
  const folder = tempFolder();
  const path = writeRecording(folder, 'day.csv', { rows: 4000, seed: 2, faults: [[60, 90]] });
  const model = await writeMachineModel(folder);
  const streams = [{ id: 'machine', source: { kind: 'csv', path, speed: 50 }, model }];
  const daemon = start(configOf(streams, { broker: { url }, sinks: [{ kind: 'mqtt' }] }));
  const event = await subscriber.next(
    ({ topic, text }) => topic.endsWith('/event') && text.includes('closed'),
  );
  const { id: alert, end } = JSON.parse(event.text) as { id: string; end: string };
  const request = JSON.stringify({ alert, transaction: 't-7' });
  await subscriber.publish(`${ROOT}/request/rows`, request);
  const answer = await subscriber.next(({ topic }) => topic === `${ROOT}/response/rows`);
  const { status, transaction, data } = JSON.parse(answer.text);
  expect({ status, transaction }).toEqual({ status: 'ok', transaction: 't-7' });
  expect(data).toMatchObject({ alert: { id: alert }, channels: CHANNELS });
  expect(data.ts[0]).toBe(new Date(START_MS).toISOString());
  expect(data.ts).toContain(end);
  const hottest = (from: number, to: number) =>
    Math.max(...data.rows.slice(from, to).map(([, temperature]: number[]) => temperature));
  expect(hottest(0, 60)).toBeLessThan(60);
  expect(hottest(60, 90)).toBeGreaterThan(70);
  daemon.stop();
  await daemon.outcome;
});
