// The properties of devices that are channels: fixed once, since the channels of a model are fixed.
import { SourceError } from '../../../core/errors.ts';
import { type Channel, formatChannel, parseChannel } from '../../../core/sample.ts';
import { pause } from '../../timing/back-off.ts';
import type { FaultCounter } from '../../timing/fault-counter.ts';
import { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';

export interface DeviceChannelOptions {
  readonly devices: readonly GatewayOptions[];
  /** The only channels to use; empty = those that are found. */
  readonly keep: readonly string[];
}

export interface DeviceChannels {
  readonly filters: readonly string[];
  /** Empty until they are fixed. */
  readonly channels: readonly Channel[];
  message(topic: string, payload: string, faults: FaultCounter): void;
  /**
   * The first call listens for devices and fixes the channels. Throws `SourceError` when no device was found. Returns early
   * when the signal aborts.
   */
  settle(signal: AbortSignal): Promise<void>;
  /** In the order of `channels`; warns once about each property that comes later. */
  values(nowMs: number): number[];
}

/** Most names in one message. */
const MOST_NAMED = 10;

/** Without channels whose names are `taken`. Throws `ConfigError` when the base of a gateway makes no topics. */
export function createDeviceChannels(
  { devices, keep }: DeviceChannelOptions,
  taken: readonly Channel[],
  warn: (message: string) => void,
): DeviceChannels {
  const gateways = devices.map(createGateway);
  const known = new Set(taken.map(({ id }) => id));
  let channels: readonly Channel[] = keep.map(parseChannel);
  let settled = devices.length === 0 || keep.length > 0;
  let size = 0;

  /** Channels that were found since the last call. */
  const unknown = (): Channel[] => {
    const sizeNow = gateways.reduce((sum, gateway) => sum + gateway.size, 0);
    if (sizeNow === size) return [];
    size = sizeNow;
    return gateways
      .flatMap((gateway) => gateway.channels())
      .filter(({ id }) => !known.has(id) && known.add(id));
  };
  return {
    filters: gateways.flatMap(({ filters }) => filters),
    get channels() {
      return channels;
    },
    message(topic, payload, faults) {
      for (const gateway of gateways) gateway.message(topic, payload, faults);
    },
    async settle(signal) {
      if (settled) return;
      const listenMs = Math.max(...gateways.map((gateway) => gateway.listenMs));
      await pause(listenMs, signal);
      if (signal.aborted) return;
      channels = unknown();
      if (channels.length === 0) {
        const names = gateways.map(({ name }) => name).join(', ');
        throw new SourceError(
          `source mqtt: found no device of ${names} within ${listenMs} ms: correct base, or set listenMs`,
          { code: 'SEN_SRC_NO_DEVICES' },
        );
      }
      settled = true;
    },
    values(nowMs) {
      const later = keep.length > 0 ? [] : unknown();
      if (later.length > 0) {
        const shown = later.slice(0, MOST_NAMED).map(formatChannel).join(', ');
        const more = later.length > MOST_NAMED ? ` and ${later.length - MOST_NAMED} more` : '';
        warn(`source mqtt: ${shown}${more} came later and is not watched: start again to learn it`);
      }
      return channels.map((channel) => newest(gateways, channel, nowMs));
    },
  };
}

function newest(gateways: readonly Gateway[], channel: Channel, nowMs: number): number {
  const values = gateways.map((gateway) => gateway.value(channel, nowMs));
  return values.find((value) => !Number.isNaN(value)) ?? Number.NaN;
}
