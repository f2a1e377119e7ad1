// Listens to what daemons say on a broker, for as long as it takes.
import { SourceError } from '../../core/errors.ts';
import type { BrokerOptions } from '../../io/mqtt/options.ts';
import { keepConnected } from '../../io/mqtt/session.ts';
import type { Device } from './device.ts';
import { createFleetBook } from './fleet-book.ts';

export interface FleetWatch {
  devices(): readonly Device[];
  /** Why there is no connection; undefined while there is one. */
  fault(): string | undefined;
  close(): Promise<void>;
}

export interface FleetTopics {
  readonly broker: BrokerOptions;
  /** First part of every topic. */
  readonly base: string;
}

export interface FleetEvents {
  /** Something was said, or the connection has come or gone. */
  readonly onChange?: () => void;
  /** Told once per outage. */
  readonly onLost?: (message: string) => void;
}

/** What a daemon says is at most some kilobytes. */
export const MOST_FLEET_BYTES = 262_144;

const NOT_YET = 'connecting';

/** Goes back to a broker that was lost, and then knows of the devices only what it is told anew. */
export function watchFleet({ broker, base }: FleetTopics, events: FleetEvents = {}): FleetWatch {
  const { onChange = () => undefined, onLost = () => undefined } = events;
  let book = createFleetBook(base);
  let fault: string | undefined = NOT_YET;
  const session = keepConnected(
    broker,
    {
      role: 'fleet',
      Failure: SourceError,
      maxPayloadBytes: MOST_FLEET_BYTES,
      onMessage(topic, payload) {
        if (book.take(topic, payload.toString('utf8'))) onChange();
      },
    },
    {
      async greet(connection) {
        book = createFleetBook(base);
        await connection.subscribe(book.filters(true));
      },
      onConnected() {
        fault = undefined;
        onChange();
      },
      onLost({ message }) {
        fault = message;
        onLost(message);
        onChange();
      },
    },
  );
  return {
    devices: () => book.devices(),
    fault: () => fault,
    close: () => session.close(() => Promise.resolve()),
  };
}
