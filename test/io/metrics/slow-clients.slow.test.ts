import { expect, it, onTestFinished } from 'vitest';
import { metricsOptions, serveMetrics } from '../../../src/io/metrics/endpoint.ts';
import { spoken } from '../spoken.ts';

it.each([
  ['says nothing', ''],
  ['sends half a head', 'GET /metrics HTTP/1.1\r\nhost: pi\r\nx: '],
  [
    'announces a body and sends none',
    'GET /metrics HTTP/1.1\r\nhost: pi\r\ncontent-length: 9\r\n\r\n',
  ],
])(
  'a client that %s is cut off in half a minute (#18)',
  async (_, said) => {
    const endpoint = await serveMetrics(
      metricsOptions.parse({ port: 0 }),
      () => [],
      () => undefined,
    );
    onTestFinished(() => endpoint.close());
    await expect(spoken(endpoint.url, said)).resolves.toBeDefined();
  },
  40_000,
);
