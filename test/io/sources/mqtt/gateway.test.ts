import { describe, expect, it } from 'vitest';
import { MOST_KNOWN } from '../../../../src/io/sources/mqtt/device-preset.ts';
import { hear } from './hear.ts';

describe('a gateway under whose topics names never repeat', () => {
  it('is known by its first properties, and the others are counted', () => {
    const { tell, now, faults } = hear({ preset: 'rtl_433', base: 'rtl_433/pi' });
    const event = (id: number) => tell('rtl_433/pi/events', { model: 'X', id, temperature_C: id });
    for (let id = 0; id < MOST_KNOWN + 3; id += 1) event(id);
    expect(Object.keys(now())).toHaveLength(MOST_KNOWN);
    expect(faults).toHaveLength(3);
    expect(faults[0]).toBe(
      'topic rtl_433/pi/events: not kept, 5000 properties are known of its gateway already: set ignore, or correct base',
    );
    event(7);
    expect(faults).toHaveLength(3);
    expect(now()['X.7.temperature_C[°C]']).toBe(7);
  });

  it.each([
    ['zigbee2mqtt', (id: number) => [`zigbee2mqtt/${id}/availability`, 'offline']],
    ['tasmota', (id: number) => [`tele/${id}/LWT`, 'Offline']],
    ['esphome', (id: number) => [`${id}/status`, 'offline']],
  ] as const)('%s: remembers no more that are offline', (preset, message) => {
    const { tell, faults } = hear({ preset });
    for (let id = 0; id < MOST_KNOWN + 1; id += 1) {
      const [topic = '', payload = ''] = message(id);
      tell(topic, payload);
    }
    expect(faults).toHaveLength(1);
  });
});
