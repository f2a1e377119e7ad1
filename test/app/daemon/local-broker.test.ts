import { describe, expect, it } from 'vitest';
import { localBroker } from '../../../src/app/daemon/local-broker.ts';
import { createLog } from '../../../src/app/log.ts';
import { freePort } from '../../io/mosquitto.ts';
import { subscribe } from '../../io/subscriber.ts';
import { broker, configOf } from './setup.ts';

function listening() {
  const lines: string[] = [];
  const log = createLog({ level: 'info', style: 'json', write: (line) => lines.push(line) });
  return { log, told: () => lines.map((line) => JSON.parse(line).msg) };
}

const host = [{ id: 'host', source: { kind: 'host' } }];

describe('localBroker', () => {
  it('is the one that runs on this machine, and lets it run on', async () => {
    const url = await broker();
    const config = configOf(host, { embedded: { port: Number(new URL(url).port) } });
    const { log, told } = listening();
    const local = await localBroker(config, log);
    expect(local?.options.url).toBe(url);
    expect(told()).toEqual(['no broker configured: using the broker that runs on this machine']);
    await local?.close();
    await expect(subscribe(url, 'any')).resolves.toBeDefined();
  });

  it('is the embedded one where none runs, and ends with it', async () => {
    const port = await freePort();
    const config = configOf(host, { embedded: { port } });
    const { log, told } = listening();
    const local = await localBroker(config, log);
    expect(local?.options.url).toBe(`mqtt://127.0.0.1:${port}`);
    expect(told()).toEqual(['no broker configured: the embedded broker listens']);
    await local?.close();
    const again = await localBroker(config, log);
    await again?.close();
  });

  it('is one broker for two daemons that start at the same moment', async () => {
    const config = configOf(host, { embedded: { port: await freePort() } });
    const { log, told } = listening();
    const both = await Promise.all([localBroker(config, log), localBroker(config, log)]);
    const [one, other] = both.map((local) => local?.options.url);
    expect(one).toBe(other);
    expect(told().sort()).toEqual([
      'no broker configured: the embedded broker listens',
      'no broker configured: using the broker that runs on this machine',
    ]);
    await Promise.all(both.map((local) => local?.close()));
  });

  it.each([
    ['another broker is named', { broker: { url: 'mqtt://broker.local' }, embedded: {} }],
    ['none is wanted', { embedded: { enabled: false } }],
  ])('is none where %s', async (_, changes) => {
    const { log, told } = listening();
    expect(await localBroker(configOf(host, changes), log)).toBeUndefined();
    expect(told()).toEqual([]);
  });
});
