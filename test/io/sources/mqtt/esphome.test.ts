import { describe, expect, it } from 'vitest';
import { hear } from './hear.ts';

const device = {
  ids: '8caab57ad1f2',
  name: 'greenhouse',
  sw: '2025.6.1 (config hash 0x12ab34cd)',
  mdl: 'd1_mini',
  mf: 'Espressif',
  cns: [['mac', '8caab57ad1f2']],
};

/** As ESPHome publishes it for Home Assistant. */
const sensor = (id: string, more: object = {}) => ({
  dev_cla: id,
  unit_of_meas: '°C',
  stat_cla: 'measurement',
  name: id,
  stat_t: `greenhouse/sensor/${id}/state`,
  avty_t: 'greenhouse/status',
  uniq_id: `ESPsensor${id}`,
  dev: device,
  ...more,
});

describe('esphome preset', () => {
  it('learns units from the announcement, and reads a topic per quantity', () => {
    const { tell, now, faults } = hear({ preset: 'esphome' });
    tell('greenhouse/sensor/air_temperature/state', '23.4');
    tell('homeassistant/sensor/greenhouse/air_temperature/config', sensor('air_temperature'));
    tell(
      'homeassistant/sensor/greenhouse/soil/config',
      sensor('soil', { unit_of_meas: '%', dev: { ...device, sw: 'esphome v1.20.4' } }),
    );
    tell('homeassistant/binary_sensor/greenhouse/door/config', {
      ...sensor('door'),
      unit_of_meas: undefined,
      stat_t: 'greenhouse/binary_sensor/door/state',
    });
    tell('greenhouse/binary_sensor/door/state', 'ON');
    tell('greenhouse/sensor/soil/state', 'nan');
    expect(now()).toEqual({
      'greenhouse.air_temperature[°C]': 23.4,
      'greenhouse.door': 1,
      'greenhouse.soil[%]': null,
    });
    tell('greenhouse/sensor/air_temperature/state', '24.0');
    expect(now()).toMatchObject({ 'greenhouse.air_temperature[°C]': 24 });
    expect(faults).toEqual([]);
  });

  it('leaves out diagnostics, and what others announce', () => {
    const { tell, now } = hear({ preset: 'esphome' });
    tell('homeassistant/sensor/greenhouse/t/config', sensor('t'));
    tell('homeassistant/sensor/greenhouse/wifi/config', sensor('wifi', { ent_cat: 'diagnostic' }));
    tell('homeassistant/sensor/0x00124b/temperature/config', {
      device: { identifiers: ['zigbee2mqtt_0x00124b'], sw_version: 'Zigbee2MQTT 1.17.1' },
      state_topic: 'zigbee2mqtt/sensor/0x00124b/state',
      unit_of_measurement: '°C',
    });
    tell('greenhouse/sensor/wifi/state', '-61');
    tell('homeassistant/sensor/other/state', '5');
    expect(now()).toEqual({ 'greenhouse.t[°C]': null });
  });

  it('reads announcements without abbreviations, under a prefix of two levels', () => {
    const { tell, now } = hear({ preset: 'esphome', base: 'home/+' });
    tell('homeassistant/sensor/shed/power/config', {
      device: { sw_version: '1.2 (ESPHome 2024.12.0)' },
      state_topic: 'home/shed/sensor/power/state',
      unit_of_measurement: 'W',
    });
    tell('home/shed/sensor/power/state', '12.5');
    tell('shed/sensor/power/state', '99');
    expect(now()).toEqual({ 'home/shed.power[W]': 12.5 });
  });

  it('has no readings of a node that is offline, and none to announce is no hindrance', () => {
    const { tell, now } = hear({ preset: 'esphome' });
    tell('node/sensor/level/state', '3');
    tell('node/sensor/wifi_signal_db/state', '-70');
    tell('node/switch/pump/state', 'OFF');
    expect(now()).toEqual({ 'node.level': 3, 'node.pump': 0 });
    tell('node/status', 'offline');
    expect(now()).toEqual({ 'node.level': null, 'node.pump': null });
    tell('node/status', 'online');
    expect(now()).toMatchObject({ 'node.level': 3 });
  });
});
