import { describe, expect, it } from 'vitest';
import { localBroker } from '../../src/app/local-broker.ts';
import { createLog } from '../../src/app/log.ts';
import { freePort } from '../io/mosquitto.ts';
import { subscribe } from '../io/subscriber.ts';
import { broker, configOf } from './daemon-setup.ts';

const log = createLog({ level: 'silent', style: 'json', write: () => undefined });
const host = [{ id: 'host', source: { kind: 'host' } }];

describe('localBroker', () => {
  it('is the one that runs on this machine, and lets it run on', async () => {
    const url = await broker();
    const config = configOf(host, { embedded: { port: Number(new URL(url).port) } });
    const local = await localBroker(config, log);
    expect(local?.options.url).toBe(url);
    await local?.close();
    await expect(subscribe(url, 'any')).resolves.toBeDefined();
  });

  it('is the embedded one where none runs, and ends with it', async () => {
    const port = await freePort();
    const config = configOf(host, { embedded: { port } });
    const local = await localBroker(config, log);
    expect(local?.options.url).toBe(`mqtt://127.0.0.1:${port}`);
    await local?.close();
    const again = await localBroker(config, log);
    await again?.close();
  });

  it.each([
    ['another broker is named', { broker: { url: 'mqtt://broker.local' }, embedded: {} }],
    ['none is wanted', { embedded: { enabled: false } }],
  ])('is none where %s', async (_, changes) => {
    expect(await localBroker(configOf(host, changes), log)).toBeUndefined();
  });
});
