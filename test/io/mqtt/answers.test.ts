import type { Packet } from 'mqtt-packet';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SinkError } from '../../../src/core/errors.ts';
import { openMqtt } from '../../../src/io/mqtt/connection.ts';
import { brokerOptions } from '../../../src/io/mqtt/options.ts';
import { publishAll } from '../../../src/io/mqtt/publish-all.ts';
import { acts, startScriptedBroker } from './scripted-broker.ts';

describe('answers of a broker', () => {
  it('has no more under way than an MQTT 5 broker takes at once, and keeps the order (#18)', async () => {
    let underWay = 0;
    let most = 0;
    const broker = await startScriptedBroker(() => ({
      connect({ socket, bytesOf, answerTo }, packet) {
        const answer = { ...answerTo(packet), properties: { receiveMaximum: 2 } };
        socket.write(bytesOf(answer as Packet));
      },
      publish(peer, packet) {
        underWay += 1;
        most = Math.max(most, underWay);
        setTimeout(() => {
          underWay -= 1;
          acts.answer(peer, packet);
        }, 5);
      },
    }));
    onTestFinished(() => broker.close());
    const options = brokerOptions.parse({ url: broker.url, protocolVersion: 5 });
    const connection = await openMqtt(options, { role: 'test', Failure: SinkError });
    const topics = Array.from({ length: 20 }, (_, index) => `a/${index}`);
    await publishAll(
      connection,
      topics.map((topic) => ({ topic, payload: 'x', retain: false })),
    );
    await connection.end();
    const published = broker.heard[0]?.filter(({ cmd }) => cmd === 'publish') as {
      topic: string;
    }[];
    expect(published.map(({ topic }) => topic)).toEqual(topics);
    expect(most).toBe(2);
  });
});
