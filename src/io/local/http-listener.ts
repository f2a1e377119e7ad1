// An HTTP server on an address of this machine: what the numbers for Prometheus and the web page have in common.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { createRateLimit } from '../timing/rate-limit.ts';

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

/** What a few browsers or Prometheus servers need; a flood of requests is refused, so that it costs no alert. */
const MOST_CONNECTIONS = 64;
const MOST_REQUESTS_A_SECOND = 100;

/** Who asks says all he has to say at once. */
const TIMES = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 5000,
} as const;

/** Who takes nothing for so long of what he asked for is gone; those who listen are told something more often. */
const STALLED_MS = 15_000;

export interface HttpAnswers {
  answer(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
  /** Says why there is no answer. */
  refuse(response: ServerResponse, status: number, reason: string): void;
  /** Hears what `answer` threw; whoever asked is refused. */
  onError(error: Error, request: IncomingMessage): void;
}

/** Whoever may ask something must not be able to end the daemon with it, nor to keep others out. */
export function limitedServer({ answer, refuse, onError }: HttpAnswers): Server {
  const rateLimit = createRateLimit(MOST_REQUESTS_A_SECOND);
  const answerOrRefuse = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      await answer(request, response);
    } catch (error) {
      onError(error as Error, request);
      if (response.headersSent) response.destroy();
      else refuse(response, 503, 'this cannot be answered now: see the log of the daemon');
    }
  };
  const server = createServer(TIMES, (request, response) => {
    response.on('error', () => undefined); // a client that goes away is its own affair
    if (rateLimit.admit(() => answerOrRefuse(request, response))) return;
    response.setHeader('connection', 'close');
    refuse(response, 503, `more than ${MOST_REQUESTS_A_SECOND} requests in a second`);
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = STALLED_MS;
  return server;
}

/** How names end for which only the local network's DNS answers. */
const LOCAL_ENDS = ['.local', '.lan', '.internal', '.home.arpa'];

/**
 * Whether a request came by an address, by a name of the local network, or by one of `names`. Any other may be a
 * stranger's whose DNS has it point here, and to a browser his page and what is served here would be one.
 */
export function isOwnName({ headers }: IncomingMessage, names: readonly string[]): boolean {
  const address = `http://${headers.host}`;
  if (headers.host === undefined || !URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  if (names.some((name) => name.toLowerCase() === hostname)) return true;
  const local = !hostname.includes('.') || LOCAL_ENDS.some((end) => hostname.endsWith(end));
  return local || isIP(hostname) !== 0;
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
