// An HTTP server on an address of this machine: the common part of the Prometheus endpoint and the web page.
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
  /** Without a path, and with the actual port. */
  readonly origin: string;
  /** Also ends requests in progress. */
  close(): Promise<void>;
}

/** Address options of a section of the configuration; `exposed` describes the risk of an address other than loopback. */
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

/** Enough for a few browsers or Prometheus servers; more requests are refused, so that they delay no alert. */
const MOST_CONNECTIONS = 64;
const MOST_REQUESTS_A_SECOND = 100;

/** Requests are short: a slow sender is cut off. */
const TIMES = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 5000,
} as const;

/** A client that reads nothing of its answer for so long is disconnected; event streams send something more often. */
const STALLED_MS = 15_000;

export interface HttpAnswers {
  answer(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
  /** Answers with a status and a reason. */
  refuse(response: ServerResponse, status: number, reason: string): void;
  /** Called with an error of `answer`; the request is refused. */
  onError(error: Error, request: IncomingMessage): void;
}

/** A server whose clients can neither end the daemon nor block other clients. */
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
    response.on('error', () => undefined); // a client may disconnect at any time
    if (rateLimit.admit(() => answerOrRefuse(request, response))) return;
    response.setHeader('connection', 'close');
    refuse(response, 503, `more than ${MOST_REQUESTS_A_SECOND} requests in a second`);
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = STALLED_MS;
  return server;
}

/** Ends of names that only the DNS of the local network resolves. */
const LOCAL_ENDS = ['.local', '.lan', '.internal', '.home.arpa'];

/**
 * Whether a request uses an address, a name of the local network, or one of `names`. Any other name may be a website whose
 * DNS points to this device (DNS rebinding): a browser would let that website read what is served here.
 */
export function isOwnName({ headers }: IncomingMessage, names: readonly string[]): boolean {
  const address = `http://${headers.host}`;
  if (headers.host === undefined || !URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  if (names.some((name) => name.toLowerCase() === hostname)) return true;
  const local = !hostname.includes('.') || LOCAL_ENDS.some((end) => hostname.endsWith(end));
  return local || isIP(hostname) !== 0;
}

/** `section` of the configuration names the address. Throws `ConfigError` when it is not available. */
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
      { code: 'SEN_CFG_PORT', cause },
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
