// What a home's own gateways publish, read without naming each topic: the words between presets and the table of devices.

/** One fact out of one message. */
export type Finding =
  /** The device has this property; a device that declares any has no others. */
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
  /** Without a device it is the gateway, and so all of them. */
  | { readonly kind: 'availability'; readonly device?: string; readonly online: boolean };

export interface DevicePreset {
  /** One line for the option's description. */
  readonly summary: string;
  /** Where topics begin when the user does not say. */
  readonly base: string;
  /** Time in which all devices are heard of, milliseconds. */
  readonly listenMs: number;
  /** Properties that say nothing of what is measured; a * stands for any part. */
  readonly ignore: readonly string[];
  /** Throws `ConfigError` when `base` cannot be one. */
  start(base: string): PresetReader;
}

/** Reads the messages of one connection; remembers what later ones need. */
export interface PresetReader {
  readonly filters: readonly string[];
  /** Of any message that one of the filters lets through. Throws `SyntaxError` for broken JSON. */
  read(topic: string, payload: string): readonly Finding[];
}

/** `online` and `offline` as they are sent: alone, in any case, or as {"state": ...}. */
export function isOnline(payload: string): boolean {
  return /\bonline\b/i.test(payload);
}

type Json = Readonly<Record<string, unknown>>;

/** A JSON object, or undefined for other JSON. Throws `SyntaxError`. */
export function objectIn(payload: string): Json | undefined {
  const parsed: unknown = JSON.parse(payload);
  return isObject(parsed) ? parsed : undefined;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text at `key`, or undefined. */
export function textAt(object: Json, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
}
