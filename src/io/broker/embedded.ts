// A broker inside the daemon, for a start without another one: MQTT 3.1.1, in memory, reachable from this machine only.
import { createServer, type Server, type Socket } from 'node:net';
import { ConfigError } from '../../core/errors.ts';

export interface EmbeddedBroker {
  readonly url: string;
  close(): Promise<void>;
}

export interface EmbeddedBrokerOptions {
  /** Any address but loopback admits the whole network without a password. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port?: number;
}

/** Throws `ConfigError` when the port is taken. */
export async function startBroker({
  host = '127.0.0.1',
  port = 1883,
}: EmbeddedBrokerOptions = {}): Promise<EmbeddedBroker> {
  // Imported late: a daemon with a configured broker does not load it.
  const { Aedes } = await import('aedes');
  const broker = await Aedes.createBroker({
    maxClientsIdLength: 255, // the default of 23 refuses ids that every other broker takes
    queueLimit: 1000,
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  try {
    await listen(server, host, port);
  } catch (cause) {
    await new Promise<void>((resolve) => broker.close(resolve));
    throw cannotListen(cause, host, port);
  }
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `mqtt://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => broker.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function cannotListen(cause: unknown, host: string, port: number): ConfigError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new ConfigError(
      `port ${port} on ${host} is in use: set broker.url to the broker that runs there, or choose another port for the embedded one`,
      { code: 'SEN_CFG_PORT', cause },
    );
  }
  if (code === 'EACCES') {
    return new ConfigError(`port ${port} may not be opened by this user: choose one above 1023`, {
      code: 'SEN_CFG_PORT',
      cause,
    });
  }
  return new ConfigError(`the embedded broker cannot listen on ${host} port ${port}: ${message}`, {
    code: 'SEN_CFG_PORT',
    cause,
  });
}
