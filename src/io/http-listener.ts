// An HTTP server on an address of this machine: what the numbers for Prometheus and the web page have in common.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface HttpListener {
  /** Without a path, and with the port that was taken. */
  readonly origin: string;
  /** Ends what is under way, too. */
  close(): Promise<void>;
}

/** Options of a section that listens; `exposed` says what any address but loopback gives away. */
export function listenOptions(port: number, exposed: string) {
  return {
    host: z
      .string()
      .default('127.0.0.1')
      .describe(`address to listen on; any but loopback ${exposed}`)
      .meta({ unit: 'address' }),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(port)
      .describe('0 takes any free port')
      .meta({ unit: 'port' }),
  };
}

/** `section` of the configuration is where the address comes from. Throws `ConfigError` when it cannot be had. */
export async function listenHttp(
  server: Server,
  { host, port }: ListenAddress,
  section: string,
): Promise<HttpListener> {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (cause) {
    throw new ConfigError(
      `${section} cannot be served on ${host} port ${port}: ${(cause as Error).message}; choose another ${section}.port or ${section}.host`,
      { cause },
    );
  }
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
