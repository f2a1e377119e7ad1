// The daemon as a Sparkplug edge node, its streams as devices: certificates, sequence numbers and data, as messages.
// Eclipse Sparkplug 3.0.0, chapters 4 (topics) and 5 (operational behavior).
import type { MqttMessage } from '../../mqtt/connection.ts';
import type { Codec, Metric, Payload } from './codec.ts';
import { unknownMetrics } from './metrics.ts';

const NAMESPACE = 'spBv1.0';
const REBIRTH = 'Node Control/Rebirth';

/** bdSeq and seq go from 0 to 255 and begin anew. */
const NUMBERS = 256;

export interface EdgeNodeParts {
  readonly group: string;
  readonly node: string;
  readonly version: string;
  readonly deviceIds: readonly string[];
  readonly codec: Codec;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/**
 * Sequence numbers are given when a message is made: it must be sent at once, and before the next is made. Nothing but
 * the will is to be sent before `births`.
 */
export interface EdgeNode {
  /** Topic of commands to this node. */
  readonly commandTopic: string;
  /** The death certificate of the next connection. */
  will(): MqttMessage;
  /** The death certificate of this connection, for one that ends it. */
  death(): MqttMessage;
  /** Node and devices with all their metrics as they are now. */
  births(): readonly MqttMessage[];
  /** News of a device; its birth certificate instead if it is a new one. */
  data(deviceId: string, metrics: readonly Metric[]): MqttMessage;
  /** Takes metrics into the next birth certificates without a message. */
  note(deviceId: string, metrics: readonly Metric[]): void;
  /** Whether the command asks for the certificates. Throws when it is no payload. */
  wantsRebirth(command: Uint8Array): boolean;
}

export function createEdgeNode(parts: EdgeNodeParts): EdgeNode {
  const { group, node, version, codec, now } = parts;
  const devices = new Map(parts.deviceIds.map((id) => [id, byName(unknownMetrics(now()))]));
  let bdSeq = NUMBERS - 1;
  let seq = 0;
  const topic = (type: string, deviceId?: string): string =>
    [NAMESPACE, group, type, node, ...(deviceId === undefined ? [] : [deviceId])].join('/');
  const message = (at: string, payload: Payload): MqttMessage => ({
    topic: at,
    payload: codec.encode(payload),
    qos: 0,
    retain: false,
  });
  const next = (at: string, metrics: readonly Metric[]): MqttMessage => {
    const made = message(at, { timeMs: now(), seq, metrics });
    seq = (seq + 1) % NUMBERS;
    return made;
  };
  const session = (): Metric => ({ name: 'bdSeq', type: 'Int64', value: bdSeq, timeMs: now() });
  const death = (): MqttMessage => ({
    ...message(topic('NDEATH'), { timeMs: now(), metrics: [session()] }),
    qos: 1,
  });
  const birth = (deviceId: string): MqttMessage =>
    next(topic('DBIRTH', deviceId), [...(devices.get(deviceId)?.values() ?? [])]);
  const note = (deviceId: string, metrics: readonly Metric[]): void => {
    const known = devices.get(deviceId) ?? byName(unknownMetrics(now()));
    for (const metric of metrics) known.set(metric.name, metric);
    devices.set(deviceId, known);
  };
  return {
    commandTopic: topic('NCMD'),
    will() {
      bdSeq = (bdSeq + 1) % NUMBERS;
      return death();
    },
    death,
    births() {
      seq = 0;
      const timeMs = now();
      const own: readonly Metric[] = [
        session(),
        { name: REBIRTH, type: 'Boolean', value: false, timeMs },
        { name: 'Properties/Software', type: 'String', value: `sentigon ${version}`, timeMs },
      ];
      return [next(topic('NBIRTH'), own), ...[...devices.keys()].map(birth)];
    },
    data(deviceId, metrics) {
      const isNew = !devices.has(deviceId);
      note(deviceId, metrics);
      return isNew ? birth(deviceId) : next(topic('DDATA', deviceId), metrics);
    },
    note,
    wantsRebirth: (command) =>
      codec.decode(command).some(({ name, value }) => name === REBIRTH && value === true),
  };
}

function byName(metrics: readonly Metric[]): Map<string, Metric> {
  return new Map(metrics.map((metric) => [metric.name, metric]));
}
