// What a broker keeps of all daemons, once.
import { SourceError } from '../../core/errors.ts';
import { endOnAbort, openMqtt } from '../../io/mqtt/connection.ts';
import type { Device } from './device.ts';
import { createFleetBook } from './fleet-book.ts';
import { type FleetTopics, MOST_FLEET_BYTES } from './watch-fleet.ts';

/** MQTT does not say which kept message is the last: it was, when nothing has come for so long, milliseconds. */
const QUIET_MS = 300;
/** A broker that takes longer than this for what it keeps is not waited for. */
const LONGEST_MS = 10_000;

/** Throws `SourceError` when the broker cannot be reached, or the connection is lost before all messages arrived. */
export async function fleetSnapshot(
  { broker, base }: FleetTopics,
  signal: AbortSignal,
): Promise<readonly Device[]> {
  const book = createFleetBook(base);
  const lull = createLull();
  const connection = await openMqtt(broker, {
    role: 'fleet',
    Failure: SourceError,
    maxPayloadBytes: MOST_FLEET_BYTES,
    signal,
    onMessage(topic, payload, { retain }) {
      book.take(topic, payload.toString('utf8'));
      if (retain) lull.stir();
    },
  });
  const release = endOnAbort(connection, signal);
  try {
    await connection.subscribe(book.filters(false));
    lull.stir();
    const lost = await Promise.race([lull.over, connection.lost]);
    if (lost) throw lost;
    signal.throwIfAborted();
    return book.devices();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    release();
    lull.end();
    await connection.end();
  }
}

/** Is over when it was not stirred for a while, or at last. */
function createLull() {
  const { promise: over, resolve } = withResolvers();
  const latest = setTimeout(resolve, LONGEST_MS);
  let quiet: NodeJS.Timeout | undefined;
  return {
    over,
    stir(): void {
      clearTimeout(quiet);
      quiet = setTimeout(resolve, QUIET_MS);
    },
    end(): void {
      clearTimeout(latest);
      clearTimeout(quiet);
      resolve();
    },
  };
}

function withResolvers() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<undefined>((done) => {
    resolve = () => done(undefined);
  });
  return { promise, resolve };
}
