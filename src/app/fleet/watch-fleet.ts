// Subscribes to the topics of all daemons on a broker.
import { z } from 'zod';
import { SourceError } from '../../core/errors.ts';
import type { BrokerOptions } from '../../io/mqtt/options.ts';
import { keepConnected } from '../../io/mqtt/session.ts';
import type { Config } from '../config/schema.ts';
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

interface FleetEvents {
  /** Something was said, or the connection has come or gone. */
  readonly onChange?: () => void;
  /** Called once per outage. */
  readonly onLost?: (message: string) => void;
}

/** Messages of daemons have at most some kilobytes. */
export const MOST_FLEET_BYTES = 262_144;

const NOT_YET = 'connecting';

/** Reconnects to a broker that was lost, and then knows only what arrives after that. */
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

const mqttSink = z.object({ kind: z.literal('mqtt'), base: z.string() });

/** The first part of all topics that the first MQTT sink of a configuration has, or that it would have. */
export function baseOf({ sinks }: Pick<Config, 'sinks'>): string {
  for (const sink of sinks) {
    const found = mqttSink.safeParse(sink).data;
    if (found) return found.base;
  }
  return 'sentigon';
}
