// What BullMQ and Redis say of a job in words of their own, in ours.
import { DeviceError } from '../../core/errors.ts';
import { type Job, MOST_LOST } from './pool.ts';
import { withoutPassword } from './redis-connection.ts';

/** Workers that were lost too often, and what Redis refuses, as `DeviceError`; anything else as it is. */
export function knownFault(cause: unknown, { key, queue }: Job, url: string): unknown {
  if (!(cause instanceof Error)) return cause;
  if (/stalled more than/.test(cause.message)) {
    return new DeviceError(
      `job ${key} of ${queue} ended ${MOST_LOST + 1} workers: look at their memory and at what they said last`,
      { cause },
    );
  }
  if (cause.name !== 'ReplyError') return cause;
  return new DeviceError(
    `${withoutPassword(url)} refused job ${key} of ${queue} (${cause.message}): look at its memory and at what this user may do`,
    { cause },
  );
}
