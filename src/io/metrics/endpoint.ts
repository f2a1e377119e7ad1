// An endpoint for Prometheus servers. It is read-only.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { KnownError } from '../../core/errors.ts';
import { isOwnName, limitedServer, listenHttp, listenOptions } from '../local/http-listener.ts';
import { EXPOSITION_TYPE, exposition, type Metric } from './exposition.ts';

export const metricsOptions = z.strictObject({
  ...listenOptions(9464, 'shows the numbers to the whole network'),
  names: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'host names that Prometheus may ask by, beside addresses and names of the local network such as pi or pi.local',
    ),
});

export type MetricsOptions = z.infer<typeof metricsOptions>;

export interface MetricsEndpoint {
  readonly url: string;
  close(): Promise<void>;
}

/** Calls `read` for each request; `onBug` gets its unexpected errors. Throws `ConfigError` when it cannot listen. */
export async function serveMetrics(
  options: MetricsOptions,
  read: () => readonly Metric[],
  onBug: (error: Error) => void,
): Promise<MetricsEndpoint> {
  const names = [options.host, ...options.names];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const how = "ask by the device's address, or add the name to metrics.names";
    if (isOwnName(request, names)) answerWith(read, request, response);
    else refuse(response, 421, `nothing is served as '${request.headers.host}': ${how}`);
  };
  const server = limitedServer({ answer, refuse, onError: onBug });
  const listener = await listenHttp(server, options, 'metrics');
  return { url: `${listener.origin}/metrics`, close: listener.close };
}

function answerWith(
  read: () => readonly Metric[],
  { url, method }: IncomingMessage,
  response: ServerResponse,
): void {
  if (url !== '/metrics') return void refuse(response, 404, 'see /metrics');
  if (method !== 'GET') return void response.writeHead(405, { allow: 'GET' }).end();
  try {
    const text = exposition(read());
    response.writeHead(200, { 'content-type': EXPOSITION_TYPE }).end(text);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    refuse(response, 503, error.message);
  }
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${reason}\n`);
}
