// An address that a Prometheus server asks for numbers. It shows, and takes nothing.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { z } from 'zod';
import { ConfigError, KnownError } from '../../core/errors.ts';
import { EXPOSITION_TYPE, exposition, type Metric } from './exposition.ts';

export const metricsOptions = z.strictObject({
  host: z
    .string()
    .default('127.0.0.1')
    .describe('address to listen on; any but loopback shows the numbers to the whole network')
    .meta({ unit: 'address' }),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(9464)
    .describe('0 takes any free port')
    .meta({ unit: 'port' }),
});

export type MetricsOptions = z.infer<typeof metricsOptions>;

export interface MetricsEndpoint {
  readonly url: string;
  close(): Promise<void>;
}

/** Asks `read` anew for each request. Throws `ConfigError` when it cannot listen there. */
export async function serveMetrics(
  { host, port }: MetricsOptions,
  read: () => readonly Metric[],
): Promise<MetricsEndpoint> {
  const server = createServer(answering(read));
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (cause) {
    throw new ConfigError(
      `metrics cannot be served on ${host} port ${port}: ${(cause as Error).message}; choose another metrics.port or metrics.host`,
      { cause },
    );
  }
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answering(read: () => readonly Metric[]): RequestListener {
  return (request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end('see /metrics\n');
    if (request.method !== 'GET') return void response.writeHead(405, { allow: 'GET' }).end();
    try {
      const text = exposition(read());
      response.writeHead(200, { 'content-type': EXPOSITION_TYPE }).end(text);
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      response.writeHead(503).end(`${error.message}\n`);
    }
  };
}
