import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startBroker } from '../../../src/io/broker/embedded.ts';
import { mqttSink } from '../../../src/io/sinks/mqtt.ts';
import { MOST_REQUESTS } from '../../../src/io/timing/rate-limit.ts';
import { controlOf } from '../control.ts';
import { subscribe } from '../subscriber.ts';

it('of a flood of requests so many are answered in a second, and the others counted', async () => {
  const broker = await startBroker({ port: 0 });
  onTestFinished(() => broker.close());
  const { control, asked } = controlOf();
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const told: string[] = [];
  const ready = vi.fn<() => void>();
  const sink = mqttSink.create(mqttSink.options.parse({ broker: { url: broker.url } }), {
    ...{ node: 'pump1', version: '1', streams: [], log: () => undefined, ready },
    control: {
      ...control,
      execute: (verb, request) => answered.then(() => control.execute(verb, request)),
    },
    warn: (message) => told.push(message),
  });
  onTestFinished(() => sink.close());
  await expect.poll(() => ready.mock.calls.length).toBe(1);
  const other = await subscribe(broker.url, 'sentigon/pump1/response/+');
  const ask = () => other.publish('sentigon/pump1/request/info', '{}');
  await Promise.all(Array.from({ length: MOST_REQUESTS + 30 }, ask));
  // the sink answers this, behind all that came before
  const status = await subscribe(broker.url, 'sentigon/pump1/status');
  await status.publish('sentigon/pump1/status', 'offline', true);
  await expect
    .poll(() => status.messages.map(({ text }) => text))
    .toEqual(['online', 'offline', 'online']);
  answer();
  await expect.poll(() => other.messages.length).toBe(MOST_REQUESTS);
  await sleep(1100); // longer than a place is kept that was answered
  await ask();
  await expect.poll(() => other.messages.length).toBe(MOST_REQUESTS + 1);
  await sink.close();
  expect(asked).toHaveLength(MOST_REQUESTS + 1);
  const what = `sink mqtt: sentigon/pump1/request/info: not answered, ${MOST_REQUESTS} requests are taken in a second`;
  expect(told).toEqual([what, `${what} (and 28 more before it)`]);
});

it('requests without a verb, or with one below another, are answered like unknown ones (#21)', async () => {
  const broker = await startBroker({ port: 0 });
  onTestFinished(() => broker.close());
  const { control, asked } = controlOf();
  const ready = vi.fn<() => void>();
  const sink = mqttSink.create(mqttSink.options.parse({ broker: { url: broker.url } }), {
    ...{ node: 'pump1', version: '1', streams: [], log: () => undefined, ready, control },
  });
  onTestFinished(() => sink.close());
  await expect.poll(() => ready.mock.calls.length).toBe(1);
  const root = 'sentigon/pump1';
  const other = await subscribe(broker.url, `${root}/response/#`);
  for (const verb of ['', '/', '/dance', '/info/all'])
    await other.publish(`${root}/request${verb}`, '{}');
  await expect.poll(() => other.messages.length).toBe(4);
  expect(asked.map(([verb]) => verb)).toEqual(['', '', 'dance', 'info/all']);
  expect(other.messages.map(({ topic }) => topic)).toEqual([
    ...[`${root}/response`, `${root}/response`],
    ...[`${root}/response/dance`, `${root}/response/info/all`],
  ]);
});
