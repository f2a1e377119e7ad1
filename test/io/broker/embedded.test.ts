import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError } from '../../../src/core/errors.ts';
import { startBroker } from '../../../src/io/broker/embedded.ts';
import { subscribe } from '../subscriber.ts';

describe('embedded broker', () => {
  it('carries messages and keeps retained ones, on loopback', async () => {
    const broker = await startBroker({ port: 0 });
    onTestFinished(() => broker.close());
    expect(broker.url).toMatch(/^mqtt:\/\/127\.0\.0\.1:\d+$/);
    const first = await subscribe(broker.url, 'nothing');
    await first.publish('a/b', 'kept', true);
    const second = await subscribe(broker.url, 'a/#');
    expect(await second.next(({ topic }) => topic === 'a/b')).toMatchObject({
      text: 'kept',
      retain: true,
    });
  });

  it('names a port that is in use and what to do', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const starting = startBroker({ port });
    await expect(starting).rejects.toThrow(ConfigError);
    await expect(starting).rejects.toThrow(`port ${port} on 127.0.0.1 is in use: set broker.url`);
  });

  it('frees its port when it closes, also with clients connected', async () => {
    const broker = await startBroker({ port: 0 });
    await subscribe(broker.url);
    await broker.close();
    const again = await startBroker({ port: Number(new URL(broker.url).port) });
    expect(again.url).toBe(broker.url);
    await again.close();
  });
});
