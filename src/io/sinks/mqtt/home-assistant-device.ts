// The daemon as one device of Home Assistant: MQTT device discovery, every key by its full name.
import type { StreamInfo } from '../../../core/control.ts';

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
}

/** Name of the device in discovery topics and ids, with characters that Home Assistant allows. */
export function objectIdOf(root: string): string {
  return root.replaceAll(/[^\w-]+/g, '_');
}

export function deviceConfig(parts: DeviceParts): object {
  const { root, node, version, qos } = parts;
  return {
    device: {
      identifiers: [objectIdOf(root)],
      name: `Sentigon ${node}`,
      manufacturer: 'Sentigon',
      model: 'Anomaly detection daemon',
      sw_version: version,
    },
    origin: { name: 'sentigon', sw_version: version },
    availability: [
      {
        topic: `${root}/status`,
        value_template: "{{ 'online' if value == 'online' else 'offline' }}",
      },
    ],
    qos,
    components: componentsOf(parts),
  };
}

export function componentsOf(parts: DeviceParts): Components {
  const { root, node, streams, silenceMinutes } = parts;
  const entries = [
    ...daemonEntities(root),
    ...streams.flatMap((stream) => [
      ...viewsOf(stream, `${root}/${stream.id}`),
      ...steeringOf(stream.id, root, silenceMinutes),
    ]),
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
    button('daemon_health_check', 'Health check', `${root}/request/health_check`, {}),
  ];
}

function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
}

/** Score, problem and alerts of a stream that publishes below `at`. */
function viewsOf(
  { id, intervalMs }: Pick<StreamInfo, 'id' | 'intervalMs'>,
  at: string,
): readonly Entry[] {
  const state = { state_topic: `${at}/state`, json_attributes_topic: `${at}/state` };
  return [
    [
      `${id}_score`,
      {
        platform: 'sensor',
        name: `${id} anomaly score`,
        state_topic: `${at}/score`,
        value_template: '{{ value_json.score }}',
        json_attributes_topic: `${at}/score`,
        state_class: 'measurement',
        suggested_display_precision: 2,
        expire_after: expiryS(intervalMs),
        icon: 'mdi:chart-bell-curve',
      },
    ],
    [
      `${id}_problem`,
      {
        platform: 'binary_sensor',
        name: `${id} anomaly`,
        device_class: 'problem',
        value_template: '{{ value_json.state }}',
        payload_on: 'ON',
        payload_off: 'OFF',
        ...state,
      },
    ],
    [
      `${id}_event`,
      {
        platform: 'event',
        name: `${id} alert`,
        state_topic: `${at}/event`,
        event_types: ['opened', 'updated', 'closed'],
        icon: 'mdi:bell-alert',
      },
    ],
  ];
}

/** Controls of a stream; their requests are published below `root`. */
function steeringOf(id: string, root: string, silenceMinutes: number): readonly Entry[] {
  const at = `${root}/${id}`;
  const silence = (minutes: number) => JSON.stringify({ stream: id, minutes });
  return [
    [
      `${id}_silence`,
      {
        platform: 'switch',
        name: `${id} silence`,
        entity_category: 'config',
        state_topic: `${at}/silence`,
        json_attributes_topic: `${at}/silence`,
        value_template: '{{ value_json.state }}',
        state_on: 'ON',
        state_off: 'OFF',
        command_topic: `${root}/request/silence`,
        payload_on: silence(silenceMinutes),
        payload_off: silence(0),
        icon: 'mdi:bell-off',
      },
    ],
    button(`${id}_ack`, `${id} acknowledge`, `${root}/request/ack`, { stream: id }),
    button(`${id}_normal`, `${id} was normal`, `${root}/request/normal`, { stream: id }),
  ];
}

/** Age at which a score is outdated: three minutes, or five rows if these are longer. */
function expiryS(intervalMs: number): number {
  return Math.max(180, Math.ceil((5 * intervalMs) / 1000));
}

/** One entity, which Home Assistant calls a component; it requires `platform` and `unique_id`. */
export interface Component {
  readonly platform: string;
  readonly [key: string]: unknown;
}

export type Components = Readonly<Record<string, Component>>;

type Entry = readonly [key: string, component: Component];

/** A button that publishes `request` to `topic`. */
function button(key: string, name: string, topic: string, request: object): Entry {
  return [
    key,
    {
      platform: 'button',
      name,
      entity_category: 'config',
      command_topic: topic,
      payload_press: JSON.stringify(request),
    },
  ];
}
