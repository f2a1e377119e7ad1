// The sinks of one configuration, and the pump that sends to them.
import { KnownError, PluginError } from '../../core/errors.ts';
import { doneWithin } from '../../core/race.ts';
import type { Sink } from '../../core/sink.ts';
import type { Store } from '../../core/store.ts';
import type { BrokerOptions } from '../../io/mqtt/options.ts';
import { type OutboxPump, type OutboxSettings, startOutbox } from '../../io/store/outbox.ts';
import { composeSinks } from '../compose/compose.ts';
import type { Stream } from '../compose/stream.ts';
import type { Config } from '../config/schema.ts';
import type { DaemonControl } from '../control/daemon-control.ts';
import type { Log } from '../log.ts';
import type { OutboxWatch } from '../status/outbox-watch.ts';

export interface Sending {
  readonly sinks: readonly Sink[];
  readonly sinkIds: readonly string[];
  readonly pump: OutboxPump;
  /** Sends what can be sent in a moment, and ends the sinks' connections. */
  end(): Promise<EndOfSending>;
}

export interface EndOfSending {
  /** Alert states in the outbox, counted for each sink that has not acknowledged them. */
  readonly unsent: number;
  /** Sinks that were not done in time. */
  readonly busy: readonly string[];
}

export interface SendingSurroundings {
  readonly streams: readonly Stream[];
  readonly broker: BrokerOptions | undefined;
  readonly log: Log;
}

/** What a stopping daemon may spend on sending what was saved a moment ago ... */
const LAST_SENDS_MS = 1000;
/** ... and on ending the sinks' connections. With what the other parts take it is less than the last timer allows. */
const GOODBYE_MS = 2100;

export function openSending(
  store: Store,
  daemonControl: Pick<DaemonControl, 'control' | 'heard' | 'outbox'>,
  config: Config,
  surroundings: SendingSurroundings,
): Sending {
  const { streams, log } = surroundings;
  let pump: OutboxPump | undefined;
  const sinks = composeSinks(config, {
    ...surroundings,
    control: daemonControl.control,
    open: streams.flatMap(({ id }) => daemonControl.heard(id)),
    ready: () => pump?.wake(),
  });
  pump = startOutbox({
    store,
    sinks,
    ...reports(daemonControl.outbox, log),
  });
  daemonControl.outbox.begin(pump.wake, sinks);
  const sending = { sinks, sinkIds: sinks.map(({ id }) => id), pump };
  let ended: Promise<EndOfSending> | undefined;
  return {
    ...sending,
    end() {
      ended ??= endOf(sending); // a stop may come while another configuration is taken over
      return ended;
    },
  };
}

/** A bug of a sink is a problem until it sends again; its stack is logged once. */
function reports(
  outbox: OutboxWatch,
  log: Log,
): Pick<OutboxSettings, 'onFault' | 'onSent' | 'onSetAside'> {
  const logged = new Map<string, string | undefined>();
  return {
    onFault(sinkId, error) {
      if (error instanceof KnownError && !(error instanceof PluginError)) {
        log.warn({ sinkId, errorCode: error.errorCode }, error.message);
        outbox.failing(sinkId, error.message);
        return;
      }
      const { stack, message } = error;
      if (logged.get(sinkId) !== stack) log.error({ sinkId, stack }, message);
      logged.set(sinkId, stack);
      outbox.broken(sinkId, message);
    },
    onSent: outbox.works,
    onSetAside({ sinkId, sequence, alert }, { message }) {
      const { id: alertId, state } = alert;
      const fate = sequence < 0 ? 'dropped, because it is not saved' : 'set aside';
      log.error({ sinkId, alertId, state }, `alert state ${fate}: ${message}`);
      outbox.look();
    },
  };
}

async function endOf({ pump, sinks }: Omit<Sending, 'end'>): Promise<EndOfSending> {
  await pump.drain(LAST_SENDS_MS).catch(() => undefined); // an unreadable history is reported by the count below
  const stopping = pump.stop();
  const inTime = await Promise.all(
    sinks.map((sink) => doneWithin(GOODBYE_MS, Promise.allSettled([sink.close(), stopping]))),
  );
  const busy = sinks.filter((_, index) => !inTime[index]).map(({ id }) => id);
  return { unsent: pump.left(), busy };
}
