// The entities of one stream in Home Assistant, and what they are made of.
import type { StreamInfo } from '../../../core/control.ts';

/** One entity, which Home Assistant calls a component; it requires `platform` and `unique_id`. */
export interface Component {
  readonly platform: string;
  readonly [key: string]: unknown;
}

export type Entry = readonly [key: string, component: Component];

interface StreamParts {
  readonly root: string;
  readonly silenceMinutes: number;
  readonly scoreEveryS: number;
}

export function streamEntities(
  stream: Pick<StreamInfo, 'id' | 'intervalMs'>,
  { root, silenceMinutes, scoreEveryS }: StreamParts,
): readonly Entry[] {
  const at = `${root}/${stream.id}`;
  return [
    ...viewsOf(stream.id, at, Math.max(stream.intervalMs / 1000, scoreEveryS)),
    ...alertViewsOf(stream.id, at),
    learningOf(stream.id, root),
    ...steeringOf(stream.id, root, silenceMinutes),
  ];
}

/** Score and alerts of a stream that publishes below `at`, a score each `everyS` seconds. */
function viewsOf(id: string, at: string, everyS: number): readonly Entry[] {
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
        expire_after: expiryS(everyS),
        icon: 'mdi:chart-bell-curve',
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

/** What the open alert of a stream is, which publishes below `at`; of the most severe if several are open. */
function alertViewsOf(id: string, at: string): readonly Entry[] {
  const state = { state_topic: `${at}/state`, json_attributes_topic: `${at}/state` };
  return [
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
      `${id}_severity`,
      {
        platform: 'sensor',
        name: `${id} severity`,
        device_class: 'enum',
        options: ['none', 'info', 'warning', 'critical'],
        state_topic: `${at}/state`,
        value_template: "{{ value_json.severity or 'none' }}",
        icon: 'mdi:alert-decagram',
      },
    ],
    [
      `${id}_channel`,
      {
        platform: 'sensor',
        name: `${id} top channel`,
        state_topic: `${at}/state`,
        // Home Assistant refuses a longer state
        value_template: "{{ (value_json.channel or 'none')[:255] }}",
        icon: 'mdi:target',
      },
    ],
  ];
}

/** 100 when a stream has learnt. */
function learningOf(id: string, root: string): Entry {
  const found = `{% set found = value_json.streams | selectattr('stream', 'eq', '${id}') | list %}`;
  const percent =
    "{{ (100 * found[0]['learning'].fraction) | round(0) | int if found and 'learning' in found[0] else 100 }}";
  return [
    `${id}_learning`,
    {
      platform: 'sensor',
      name: `${id} learning progress`,
      entity_category: 'diagnostic',
      state_topic: `${root}/health`,
      value_template: found + percent,
      unit_of_measurement: '%',
      icon: 'mdi:school',
    },
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
    [
      `${id}_ack`,
      {
        ...button(`${id} acknowledge`, `${root}/request/ack`, { stream: id }),
        availability: [
          online(root),
          {
            topic: `${at}/state`,
            value_template:
              "{{ 'online' if value_json.state == 'ON' and not value_json.acknowledged else 'offline' }}",
          },
        ],
        availability_mode: 'all',
        icon: 'mdi:check',
      },
    ],
    [
      `${id}_normal`,
      {
        ...button(`${id} was normal`, `${root}/request/normal`, { stream: id }),
        entity_category: 'config',
      },
    ],
  ];
}

/** Age at which a score is outdated: three minutes, or the time of five scores if that is longer. */
function expiryS(everyS: number): number {
  return Math.max(180, Math.ceil(5 * everyS));
}

/** Available while the daemon runs. */
export function online(root: string): object {
  return {
    topic: `${root}/status`,
    value_template: "{{ 'online' if value == 'online' else 'offline' }}",
  };
}

/** A button that publishes `request` to `topic`. */
export function button(name: string, topic: string, request: object): Component {
  return {
    platform: 'button',
    name,
    command_topic: topic,
    payload_press: JSON.stringify(request),
  };
}
