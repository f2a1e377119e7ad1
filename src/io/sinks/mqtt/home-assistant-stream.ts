// The entities of one stream.
import type { StreamInfo } from '../../../core/control.ts';
import { button, type Entry } from './home-assistant-component.ts';

/** Score, problem and alerts of a stream that speaks below `at`. */
export function viewsOf(
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

/** What people may decide about a stream; their requests go below `root`. */
export function steeringOf(id: string, root: string, silenceMinutes: number): readonly Entry[] {
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

/** After which a score is no longer one of now: three minutes, or five rows where these are far apart. */
function expiryS(intervalMs: number): number {
  return Math.max(180, Math.ceil((5 * intervalMs) / 1000));
}
