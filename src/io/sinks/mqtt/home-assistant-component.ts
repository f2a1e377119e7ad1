// What Home Assistant calls a component: one entity of a device.

/** One entity; `platform` and `unique_id` are what Home Assistant asks of each. */
export interface Component {
  readonly platform: string;
  readonly [key: string]: unknown;
}

export type Components = Readonly<Record<string, Component>>;

export type Entry = readonly [key: string, component: Component];

/** Sends `request` to `topic` when it is pressed. */
export function button(key: string, name: string, topic: string, request: object): Entry {
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
