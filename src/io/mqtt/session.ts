// A connection that is reopened: it opens at once, and after each loss with back-off, without end.
import { setTimeout as sleep } from 'node:timers/promises';
import { type BackOff, createBackOff } from '../timing/back-off.ts';
import {
  type ConnectionSettings,
  endOnAbort,
  type MqttConnection,
  openMqtt,
} from './connection.ts';
import { type BrokerOptions, withClientId } from './options.ts';

export interface MqttSession {
  /** The current connection; undefined while there is none. */
  current(): MqttConnection | undefined;
  /** Tries at once when there is no connection, instead of waiting for the back-off. Rejects when that fails. */
  connect(): Promise<MqttConnection>;
  /** Ends the session; `farewell` is sent first when there is a connection. */
  close(farewell: (connection: MqttConnection) => Promise<void>): Promise<void>;
}

export interface SessionHooks {
  /** Publishes the first messages of each new connection, which is used only after that. */
  readonly greet: (connection: MqttConnection) => Promise<void>;
  readonly onConnected: () => void;
  /** Called once per outage. */
  readonly onLost: (reason: Error) => void;
}

const FIRST_MS = 500;
const LONGEST_MS = 60_000;
const FAREWELL_MS = 750;

export function keepConnected(
  options: BrokerOptions,
  settings: Omit<ConnectionSettings, 'signal'>,
  hooks: SessionHooks,
): MqttSession {
  // the same id each time: the broker then continues the session
  const broker = withClientId(options);
  const stop = new AbortController();
  const backOff = createBackOff(FIRST_MS, LONGEST_MS);
  let current: MqttConnection | undefined;
  let attempt: Promise<MqttConnection> | undefined;
  let reported = false;

  const lose = (reason: Error): void => {
    current = undefined;
    if (!reported && !stop.signal.aborted) hooks.onLost(reason);
    reported = true;
  };
  const open = async (): Promise<MqttConnection> => {
    try {
      const connection = await openMqtt(broker, { ...settings, signal: stop.signal });
      await greetOrEnd(connection, hooks.greet, stop.signal);
      current = connection;
      reported = false;
      backOff.reset();
      void connection.lost.then((reason) => {
        if (reason) lose(reason);
        current = undefined;
      });
      hooks.onConnected();
      return connection;
    } catch (error) {
      lose(error as Error);
      throw error;
    } finally {
      attempt = undefined;
    }
  };
  const connect = (): Promise<MqttConnection> => {
    if (current) return Promise.resolve(current);
    attempt ??= open();
    return attempt;
  };
  const loop = keepTrying(connect, backOff, stop.signal);
  return {
    current: () => current,
    connect,
    async close(farewell) {
      stop.abort();
      await attempt?.catch(() => undefined);
      const connection = current; // `current` is cleared when the broker closes, also during the farewell
      if (connection) {
        // Best effort: if this does not arrive, the broker publishes the will.
        const said = farewell(connection).catch(() => undefined);
        await Promise.race([said, sleep(FAREWELL_MS, undefined, { ref: false })]);
        await connection.end();
      }
      await loop;
    },
  };
}

async function greetOrEnd(
  connection: MqttConnection,
  greet: (connection: MqttConnection) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const release = endOnAbort(connection, signal);
  try {
    await greet(connection);
    signal.throwIfAborted();
  } catch (error) {
    await connection.end();
    throw error;
  } finally {
    release();
  }
}

async function keepTrying(
  connect: () => Promise<MqttConnection>,
  backOff: BackOff,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const connection = await connect();
      await connection.lost;
    } catch {
      // `onLost` has reported it.
    }
    if (!signal.aborted) {
      await sleep(backOff.nextMs(), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
