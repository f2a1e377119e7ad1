// Sparkplug B payloads: the messages of sparkplug_b.proto that an edge node needs.
import { createRequire } from 'node:module';
import type protobuf from 'protobufjs/light.js';
import { requireOptional } from '../../../core/optional-package.ts';

export type MetricValue = number | boolean | string | null;

export interface Metric {
  readonly name: string;
  readonly type: 'Int64' | 'Double' | 'Boolean' | 'String';
  /** null = unknown. */
  readonly value: MetricValue;
  /** Unix milliseconds, of the value and not of the message. */
  readonly timeMs: number;
}

export interface Payload {
  readonly timeMs: number;
  /** Absent in a death certificate. */
  readonly seq?: number;
  readonly metrics: readonly Metric[];
}

/** A metric of a command: the value that the host writes. */
export interface Command {
  readonly name: string;
  readonly value: unknown;
}

export interface Codec {
  encode(payload: Payload): Buffer;
  /** Throws when the bytes are not a payload. */
  decode(bytes: Uint8Array): readonly Command[];
}

/** Sparkplug 3.0.0, section 6.4.16 "Data types", and the field of a metric that carries them. */
const TYPES = {
  Int64: { code: 4, field: 'longValue' },
  Double: { code: 10, field: 'doubleValue' },
  Boolean: { code: 11, field: 'booleanValue' },
  String: { code: 12, field: 'stringValue' },
} as const;

/** Throws `DeviceError` when the package that writes protocol buffers is not installed. */
export function loadCodec(): Codec {
  const require = createRequire(import.meta.url);
  const { Root } = requireOptional(
    {
      name: 'protobufjs',
      install: 'npm install protobufjs',
      load: () => require('protobufjs/light.js') as typeof protobuf,
    },
    'sink sparkplug',
  );
  const payload = Root.fromJSON(SCHEMA).lookupType('Payload');
  return {
    encode: ({ timeMs, seq, metrics }) =>
      Buffer.from(
        payload
          .encode({
            timestamp: Math.round(timeMs),
            ...(seq !== undefined && { seq }),
            metrics: metrics.map(fieldsOf),
          })
          .finish(),
      ),
    decode(bytes) {
      const { metrics = [] } = payload.toObject(payload.decode(bytes), { oneofs: true });
      return metrics.map((metric: Record<string, unknown>) => ({
        name: metric['name'],
        value: metric[String(metric['value'])],
      }));
    },
  };
}

function fieldsOf({ name, type, value, timeMs }: Metric): object {
  const { code, field } = TYPES[type];
  return {
    name,
    timestamp: Math.round(timeMs),
    datatype: code,
    ...(value === null ? { isNull: true } : { [field]: value }),
  };
}

/** proto2 writes a 0 too, which the seq of a birth certificate is. */
const edition = 'proto2';

const SCHEMA = {
  nested: {
    Metric: {
      edition,
      oneofs: {
        value: {
          oneof: [
            'intValue',
            'longValue',
            'floatValue',
            'doubleValue',
            'booleanValue',
            'stringValue',
          ],
        },
      },
      fields: {
        name: { type: 'string', id: 1 },
        timestamp: { type: 'uint64', id: 3 },
        datatype: { type: 'uint32', id: 4 },
        isNull: { type: 'bool', id: 7 },
        intValue: { type: 'uint32', id: 10 },
        longValue: { type: 'uint64', id: 11 },
        floatValue: { type: 'float', id: 12 },
        doubleValue: { type: 'double', id: 13 },
        booleanValue: { type: 'bool', id: 14 },
        stringValue: { type: 'string', id: 15 },
      },
    },
    Payload: {
      edition,
      fields: {
        timestamp: { type: 'uint64', id: 1 },
        metrics: { rule: 'repeated', type: 'Metric', id: 2 },
        seq: { type: 'uint64', id: 3 },
      },
    },
  },
};
