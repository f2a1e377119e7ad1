// The sinks of one configuration, and the pump that feeds them.
import type { Sink } from '../core/sink.ts';
import type { Store } from '../core/store.ts';
import { atMost } from '../io/at-most.ts';
import type { BrokerOptions } from '../io/mqtt-options.ts';
import { type OutboxPump, startOutbox } from '../io/store/outbox.ts';
import { composeSinks } from './compose.ts';
import type { Config } from './config/schema.ts';
import type { Desk } from './desk.ts';
import type { Log } from './log.ts';
import type { Stream } from './streams/stream.ts';

export interface Sending {
  readonly sinks: readonly Sink[];
  readonly sinkIds: readonly string[];
  readonly pump: OutboxPump;
}

export interface SendingSurroundings {
  readonly streams: readonly Stream[];
  readonly broker: BrokerOptions | undefined;
  readonly log: Log;
}

/** What a stopping daemon may spend on sending what was saved a moment ago ... */
const LAST_SENDS_MS = 1000;
/** ... and on ending the sinks' connections. Together less than the five seconds a stop may take. */
const GOODBYE_MS = 3000;

export function openSending(
  store: Store,
  desk: Pick<Desk, 'control' | 'heard'>,
  config: Config,
  surroundings: SendingSurroundings,
): Sending {
  const { streams, log } = surroundings;
  let pump: OutboxPump | undefined;
  const sinks = composeSinks(config, {
    ...surroundings,
    control: desk.control,
    open: streams.flatMap(({ id }) => desk.heard(id)),
    ready: () => pump?.wake(),
  });
  pump = startOutbox({
    store,
    sinks,
    onFault: (sinkId, { message }) => log.warn({ sinkId }, message),
  });
  return { sinks, sinkIds: sinks.map(({ id }) => id), pump };
}

export async function endSending({ pump, sinks }: Sending): Promise<void> {
  await pump.drain(LAST_SENDS_MS);
  const ended = Promise.allSettled([pump.stop(), ...sinks.map((sink) => sink.close())]);
  await atMost(GOODBYE_MS, ended);
}
