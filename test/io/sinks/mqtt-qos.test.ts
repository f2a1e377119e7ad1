import { describe, expect, it, onTestFinished } from 'vitest';
import type { Sink } from '../../../src/core/sink.ts';
import { mqttSink } from '../../../src/io/sinks/mqtt.ts';
import { alertOf } from '../alerts.ts';
import { controlOf } from '../control.ts';
import { cuttable } from '../cuttable.ts';
import { hasMosquitto, startMosquitto } from '../mosquitto.ts';
import { subscribe } from '../subscriber.ts';

const ROOT = 'sentigon/pump1';
const score = { streamId: 'motor', timeMs: 1.7e12, score: 0.5, level: 2, anomalous: false };

function started(options: object) {
  const warned: string[] = [];
  let connected = 0;
  const sink: Sink = mqttSink.create(mqttSink.options.parse(options), {
    node: 'pump1',
    version: '1.2.3',
    streams: [{ id: 'motor', channels: [] }],
    control: controlOf().control,
    log: () => undefined,
    warn: (message) => void warned.push(message),
    ready: () => void connected++,
  });
  onTestFinished(() => sink.close());
  return { sink, warned, connected: () => connected };
}

async function mosquitto(...lines: string[]): Promise<number> {
  const { port } = await startMosquitto(() => ['allow_anonymous true', ...lines]);
  return port;
}

describe.skipIf(!hasMosquitto)('quality of service', () => {
  it.each([0, 1, 2] as const)('%i is that of events, states and answers', async (qos) => {
    const url = `mqtt://127.0.0.1:${await mosquitto()}`;
    const live = await subscribe(url, `${ROOT}/#`, { qos: 2 }); // a broker delivers with the lower of two
    const { sink, warned, connected } = started({ broker: { url, qos } });
    await expect.poll(connected).toBe(1);
    await sink.send(alertOf('01J'));
    sink.report?.(score);
    await live.publish(`${ROOT}/request/info`, '{"transaction":1}');
    for (const topic of ['status', 'motor/event', 'motor/state', 'response/info']) {
      expect(await live.next((found) => found.topic === `${ROOT}/${topic}`)).toMatchObject({ qos });
    }
    const scored = await live.next(({ topic }) => topic.endsWith('/score'));
    expect(scored.qos).toBe(0);
    expect(warned).toEqual(qos === 0 ? [expect.stringContaining('is lost when that breaks')] : []);
  });

  it('of scores is one of their own', async () => {
    const url = `mqtt://127.0.0.1:${await mosquitto()}`;
    const live = await subscribe(url, `${ROOT}/motor/score`, { qos: 2 });
    const { sink, connected } = started({ broker: { url }, scoreQos: 1 });
    await expect.poll(connected).toBe(1);
    sink.report?.(score);
    expect(await live.next(() => true)).toMatchObject({ qos: 1 });
  });

  it('that a broker does not take is said, with what to do', async () => {
    const url = `mqtt://127.0.0.1:${await mosquitto('max_qos 1')}`;
    const { sink, warned } = started({ broker: { url, qos: 2, protocolVersion: 5 } });
    const fault = 'does not take quality of service 2: set broker.qos to a lower one';
    await expect(sink.send(alertOf('01J'))).rejects.toThrow(fault);
    expect(warned[0]).toContain(fault);
    const older = started({ broker: { url, qos: 2 } });
    await expect(older.sink.send(alertOf('01J'))).rejects.toThrow('does not take broker.qos 2');
  });

  it('2 begins a session of its own after a loss, so that no half-sent message hides another', async () => {
    const port = await mosquitto();
    const witness = await subscribe(`mqtt://127.0.0.1:${port}`, `${ROOT}/#`, { qos: 2 });
    const way = await cuttable(port);
    const { sink, connected } = started({
      broker: { url: way.url, qos: 2, protocolVersion: 5 },
      willDelayS: 600,
    });
    await expect.poll(connected).toBe(1);
    way.cut();
    // the broker ends the session that was, and with it speaks the will at once
    await witness.next(({ topic, text }) => topic.endsWith('/status') && text === 'offline');
    await expect.poll(connected).toBe(2);
    await sink.send(alertOf('01J'));
    await witness.next(({ topic, text }) => topic.endsWith('/event') && text.includes('01J'));
  });
});
