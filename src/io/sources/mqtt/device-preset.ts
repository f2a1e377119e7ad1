// Presets read what the gateways of a home publish, without a topic for each device. Their findings are defined here.

/** One fact in a message. */
export type Finding =
  /** The device has this property. A device that declares properties has no others. */
  | {
      readonly kind: 'declared';
      readonly device: string;
      readonly property: string;
      readonly unit: string;
    }
  | {
      readonly kind: 'reading';
      readonly device: string;
      readonly property: string;
      readonly unit: string;
      readonly value: number;
    }
  /** Without a device: the gateway, and with it all devices. */
  | { readonly kind: 'availability'; readonly device?: string; readonly online: boolean };

export interface DevicePreset {
  /** Default start of the topics. */
  readonly base: string;
  /** Time in which all devices have sent a message, milliseconds. */
  readonly listenMs: number;
  /** Properties that are not measurements; a * stands for any part. */
  readonly ignore: readonly string[];
  /** Throws `ConfigError` for a `base` without topics. */
  start(base: string): PresetReader;
}

/** Reads the messages of one connection, and keeps the state that later messages need. */
export interface PresetReader {
  readonly filters: readonly string[];
  /** For messages that match one of the filters. Throws `SyntaxError` for broken JSON. */
  read(topic: string, payload: string): readonly Finding[];
}

/** `online` and `offline` as they are sent: alone, in any case, or as {"state": ...}. */
export function isOnline(payload: string): boolean {
  return /\bonline\b/i.test(payload);
}

/** No home has more properties: a publisher with ever new names must not fill the memory. */
export const MOST_KNOWN = 5000;

/** Sets a value unless it would be a new one beyond the limit; returns whether it did. */
export function setKnown<Value>(known: Map<string, Value>, name: string, value: Value): boolean {
  if (known.size >= MOST_KNOWN && !known.has(name)) return false;
  known.set(name, value);
  return true;
}
