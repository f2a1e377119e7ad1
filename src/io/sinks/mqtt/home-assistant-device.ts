// The daemon as one device of Home Assistant: MQTT device discovery, every key by its full name.
import type { StreamInfo } from '../../../core/control.ts';
import {
  button,
  type Component,
  type Entry,
  online,
  streamEntities,
} from './home-assistant-stream.ts';

export interface DeviceParts {
  /** Topic below which the daemon publishes. */
  readonly root: string;
  readonly node: string;
  readonly version: string;
  /** Quality of service with which Home Assistant subscribes. */
  readonly qos: 0 | 1 | 2;
  readonly streams: readonly Pick<StreamInfo, 'id' | 'intervalMs'>[];
  /** How long the switch of a stream silences it, minutes. */
  readonly silenceMinutes: number;
  /** Least time between two scores of a stream, seconds. */
  readonly scoreEveryS: number;
  /** Where a link of the device leads to; absent = there is no page. */
  readonly pageUrl?: string;
}

/** Name of the device in discovery topics and ids, with characters that Home Assistant allows. */
export function objectIdOf(root: string): string {
  return root.replaceAll(/[^\w-]+/g, '_');
}

export function deviceConfig(parts: DeviceParts): object {
  const { root, node, version, qos, pageUrl } = parts;
  return {
    device: {
      identifiers: [objectIdOf(root)],
      name: `Sentigon ${node}`,
      manufacturer: 'Sentigon',
      model: 'Anomaly detection daemon',
      sw_version: version,
      ...(pageUrl !== undefined && { configuration_url: pageUrl }),
    },
    origin: { name: 'sentigon', sw_version: version },
    availability: [online(root)],
    qos,
    components: componentsOf(parts),
  };
}

export type Components = Readonly<Record<string, Component>>;

export function componentsOf(parts: DeviceParts): Components {
  const { root, node, streams } = parts;
  const entries = [
    ...daemonEntities(root),
    ...streams.flatMap((stream) => streamEntities(stream, parts)),
  ].map(([key, component]): [string, Component] => [
    key,
    {
      ...component,
      unique_id: `${objectIdOf(root)}_${key}`,
      default_entity_id: `${component.platform}.${slug(`${node}_${key}`)}`,
    },
  ]);
  return Object.fromEntries(entries);
}

function daemonEntities(root: string): readonly Entry[] {
  const diagnostic = (key: string, name: string, changes: object): Entry => [
    `daemon_${key}`,
    {
      platform: 'sensor',
      name,
      entity_category: 'diagnostic',
      state_topic: `${root}/health`,
      value_template: `{{ value_json.${key} }}`,
      state_class: 'measurement',
      ...changes,
    },
  ];
  const duration = { device_class: 'duration' };
  return [
    diagnostic('rss_mb', 'Memory', { device_class: 'data_size', unit_of_measurement: 'MB' }),
    diagnostic('event_loop_lag_ms', 'Event loop lag', { ...duration, unit_of_measurement: 'ms' }),
    diagnostic('uptime_s', 'Uptime', { ...duration, unit_of_measurement: 's' }),
    diagnostic('outbox', 'Unsent alerts', { icon: 'mdi:tray-arrow-up' }),
    [
      'daemon_release',
      {
        platform: 'update',
        name: 'Release',
        entity_category: 'diagnostic',
        state_topic: `${root}/info`,
        value_template: '{{ value_json.version }}',
        latest_version_topic: `${root}/info`,
        // in brackets: `value_json.update` is a method of Python, which Home Assistant does not allow
        latest_version_template:
          "{{ value_json['update'].version if 'update' in value_json else value_json.version }}",
      },
    ],
    [
      'daemon_health_check',
      {
        ...button('Health check', `${root}/request/health_check`, {}),
        entity_category: 'config',
      },
    ],
  ];
}

function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
}
