import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fleetSnapshot } from '../../../src/app/fleet/fleet-snapshot.ts';
import { watchFleet } from '../../../src/app/fleet/watch-fleet.ts';
import { SourceError } from '../../../src/core/errors.ts';
import { brokerOptions } from '../../../src/io/mqtt/options.ts';
import { freePort, hasMosquitto, startMosquitto } from '../../io/mosquitto.ts';
import { subscribe } from '../../io/subscriber.ts';

async function brokered() {
  const mosquitto = await startMosquitto(() => ['allow_anonymous true']);
  const broker = brokerOptions.parse({ url: `mqtt://127.0.0.1:${mosquitto.port}` });
  const client = await subscribe(broker.url, 'nothing');
  const say = (topic: string, payload: string) =>
    client.publish(`sentigon/${topic}`, payload, true);
  return { mosquitto, topics: { broker, base: 'sentigon' }, say };
}

const never = new AbortController().signal;

describe.skipIf(!hasMosquitto)('a snapshot of the fleet', () => {
  it('has everything that the broker keeps, more than it sends at once, and ends by itself', async () => {
    const { topics, say } = await brokered();
    const nodes = Array.from({ length: 120 }, (_, n) => `n${String(n).padStart(3, '0')}`);
    await Promise.all(
      nodes.flatMap((node) => [
        say(`${node}/status`, 'online'),
        say(`${node}/a/state`, '{"state":"OFF"}'),
      ]),
    );
    const devices = await fleetSnapshot(topics, never);
    expect(devices.map(({ node }) => node)).toEqual(nodes);
    expect(
      devices.every(({ status, streams }) => status === 'online' && streams.length === 1),
    ).toBe(true);
  });

  it('is empty where no daemon has said anything', async () => {
    const { topics } = await brokered();
    expect(await fleetSnapshot(topics, never)).toEqual([]);
  });

  it('says why when there is no broker', async () => {
    const broker = brokerOptions.parse({ url: `mqtt://127.0.0.1:${await freePort()}` });
    await expect(fleetSnapshot({ broker, base: 'sentigon' }, never)).rejects.toThrow(SourceError);
  });
});

describe.skipIf(!hasMosquitto)('a watch over the fleet', () => {
  it('follows what devices say, and comes back to a broker that was away', async () => {
    const { topics, say, mosquitto } = await brokered();
    await say('pump/status', 'online');
    const lost = vi.fn<(message: string) => void>();
    const fleet = watchFleet(topics, { onLost: lost });
    onTestFinished(() => fleet.close());
    const statuses = () => fleet.devices().map(({ node, status }) => `${node} ${status}`);
    await expect.poll(statuses).toEqual(['pump online']);
    await expect.poll(() => fleet.fault()).toBeUndefined();
    await say('pump/status', 'offline');
    await expect.poll(statuses).toEqual(['pump offline']);
    await mosquitto.stop();
    await expect.poll(() => fleet.fault()).toMatch(/connection|refused|lost/);
    expect(lost).toHaveBeenCalledOnce();
    expect(statuses()).toEqual(['pump offline']);
    await mosquitto.start();
    // this broker forgot everything, and so does who watches
    await expect.poll(statuses).toEqual([]);
    await expect.poll(() => fleet.fault()).toBeUndefined();
  });
});
