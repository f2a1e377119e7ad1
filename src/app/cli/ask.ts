import { join } from 'node:path';
import { ConfigError, DeviceError } from '../../core/errors.ts';
import { askDaemon, CONTROL_SOCKET } from '../../io/local/control-socket.ts';
import { commands } from '../commands/index.ts';
import { type StateOptions, stateAtHand } from './state-at-hand.ts';

/** A backup of a year of history on a slow card is the longest anybody waits. */
const ANSWER_MS = 120_000;
/** A training on a small device takes minutes, of many rows an hour. */
const SLOW_ANSWER_MS = 7_200_000;

/** The data of the running daemon's answer. Throws `ConfigError` or `DeviceError` with what it objects to. */
export async function ask(verb: string, request: object, options: StateOptions): Promise<unknown> {
  const path = join(stateAtHand(options), CONTROL_SOCKET);
  const waitMs = commands.get(verb)?.slow ? SLOW_ANSWER_MS : ANSWER_MS;
  const reply = await askDaemon(path, { ...request, verb }, waitMs);
  if (reply.status === 'ok') return reply.data;
  throw reply.code === 'CONFIG' ? new ConfigError(reply.error) : new DeviceError(reply.error);
}
