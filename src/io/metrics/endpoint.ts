// An address that a Prometheus server asks for numbers. It shows, and takes nothing.
import { createServer, type RequestListener } from 'node:http';
import { z } from 'zod';
import { KnownError } from '../../core/errors.ts';
import { listenHttp, listenOptions } from '../http-listener.ts';
import { EXPOSITION_TYPE, exposition, type Metric } from './exposition.ts';

export const metricsOptions = z.strictObject(
  listenOptions(9464, 'shows the numbers to the whole network'),
);

export type MetricsOptions = z.infer<typeof metricsOptions>;

export interface MetricsEndpoint {
  readonly url: string;
  close(): Promise<void>;
}

/** Asks `read` anew for each request. Throws `ConfigError` when it cannot listen there. */
export async function serveMetrics(
  options: MetricsOptions,
  read: () => readonly Metric[],
): Promise<MetricsEndpoint> {
  const listener = await listenHttp(createServer(answering(read)), options, 'metrics');
  return { url: `${listener.origin}/metrics`, close: listener.close };
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
