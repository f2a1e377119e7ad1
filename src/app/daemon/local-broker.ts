// The broker of a configuration that names none: the one that runs on this machine, or else the embedded one.
import { connect } from 'node:net';
import { type EmbeddedBroker, startBroker } from '../../io/broker/embedded.ts';
import { type BrokerOptions, brokerOptions } from '../../io/mqtt/options.ts';
import type { Config } from '../config/schema.ts';
import type { Log } from '../log.ts';

export interface LocalBroker {
  readonly options: BrokerOptions;
  /** Leaves a broker that ran already alone. */
  close(): Promise<void>;
}

/** How long an answer from this very machine may take, milliseconds. */
const ANSWER_MS = 1000;

/**
 * Undefined where the configuration names a broker or wants none. What listens on the embedded one's port is the
 * broker that the owner listens to. Throws `ConfigError` when the port cannot be had.
 */
export async function localBroker(
  { broker, embedded }: Config,
  log: Log,
): Promise<LocalBroker | undefined> {
  if (broker || !embedded.enabled) return undefined;
  const started = await startUnlessThere(embedded.port);
  const { url, close } = started ?? {
    url: `mqtt://127.0.0.1:${embedded.port}`,
    close: async () => undefined,
  };
  const what = started
    ? 'the embedded broker listens'
    : 'using the broker that runs on this machine';
  log.info({ url }, `no broker configured: ${what}`);
  return { options: brokerOptions.parse({ url }), close };
}

/** Undefined where one listens already, be it that of a daemon that starts at the same moment. */
async function startUnlessThere(port: number): Promise<EmbeddedBroker | undefined> {
  if (await isListening(port)) return undefined;
  try {
    return await startBroker({ port });
  } catch (error) {
    if (await isListening(port)) return undefined;
    throw error;
  }
}

/** Whether something listens on `port` of this machine. */
function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: ANSWER_MS });
    const answer = (listening: boolean) => (): void => {
      socket.destroy();
      resolve(listening);
    };
    socket
      .once('connect', answer(true))
      .once('error', answer(false))
      .once('timeout', answer(false));
  });
}
