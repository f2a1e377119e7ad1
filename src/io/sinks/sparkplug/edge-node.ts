// The daemon as a Sparkplug edge node, its streams as devices: certificates, sequence numbers, metrics and data, as messages.
// Eclipse Sparkplug 3.0.0, chapters 4 (topics) and 5 (operational behavior).

import type { Alert } from '../../../core/alert.ts';
import type { ScoreReport } from '../../../core/sink.ts';
import type { MqttMessage } from '../../mqtt/connection.ts';
import { round } from '../../text/alert-payload.ts';
import type { Codec, Metric, Payload } from './codec.ts';

const NAMESPACE = 'spBv1.0';
const REBIRTH = 'Node Control/Rebirth';

/** bdSeq and seq count from 0 to 255 and start again. */
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
 * A message gets its sequence number when it is made: it must be sent at once, before the next is made. Only the will may
 * be sent before `births`.
 */
export interface EdgeNode {
  /** Topic of commands to this node. */
  readonly commandTopic: string;
  /** The death certificate of the next connection. */
  will(): MqttMessage;
  /** The death certificate of this connection, to be sent before it is closed. */
  death(): MqttMessage;
  /** Node and devices with all their metrics as they are now. */
  births(): readonly MqttMessage[];
  /** New values of a device; for a new device its birth certificate instead. */
  data(deviceId: string, metrics: readonly Metric[]): MqttMessage;
  /** Adds metrics to the next birth certificates without a message. */
  note(deviceId: string, metrics: readonly Metric[]): void;
  /** Whether the command asks for the certificates. Throws when it is not a payload. */
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

/** All metrics of a stream, with unknown values. */
export function unknownMetrics(timeMs: number): readonly Metric[] {
  const of = (type: Metric['type'], ...names: readonly string[]): Metric[] =>
    names.map((name) => ({ name, type, value: null, timeMs }));
  return [
    ...of('Double', 'Score', 'Level'),
    ...of('Boolean', 'Anomalous', 'Alert/Active'),
    ...of('String', 'Alert/Id', 'Alert/State', 'Alert/Kind', 'Alert/Severity', 'Alert/Channel'),
    ...of('Double', 'Alert/Peak'),
  ];
}

export function scoreMetrics({ timeMs, score, level, anomalous }: ScoreReport): readonly Metric[] {
  return [
    { name: 'Score', type: 'Double', value: round(score), timeMs },
    { name: 'Level', type: 'Double', value: round(level), timeMs },
    { name: 'Anomalous', type: 'Boolean', value: anomalous, timeMs },
  ];
}

/** Of the newest alert state of any alert of the stream; `active` = any of them is open. */
export function alertMetrics(alert: Alert, active: boolean): readonly Metric[] {
  const { id, state, kind, severity, peak, channels, timeMs } = alert;
  return [
    { name: 'Alert/Active', type: 'Boolean', value: active, timeMs },
    { name: 'Alert/Id', type: 'String', value: id, timeMs },
    { name: 'Alert/State', type: 'String', value: state, timeMs },
    { name: 'Alert/Kind', type: 'String', value: kind, timeMs },
    { name: 'Alert/Severity', type: 'String', value: severity, timeMs },
    { name: 'Alert/Peak', type: 'Double', value: round(peak), timeMs },
    { name: 'Alert/Channel', type: 'String', value: channels[0]?.id ?? null, timeMs },
  ];
}
