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
