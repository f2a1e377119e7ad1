import { describe, expect, it } from 'vitest';
import { hear } from './hear.ts';

const LINK_QUALITY = {
  access: 1,
  category: 'diagnostic',
  description: 'Link quality (signal strength)',
  label: 'Linkquality',
  name: 'linkquality',
  property: 'linkquality',
  type: 'numeric',
  unit: 'lqi',
  value_max: 255,
  value_min: 0,
};

const numeric = (name: string, unit: string, more: object = {}) => ({
  access: 1,
  label: name,
  name,
  property: name,
  type: 'numeric',
  unit,
  ...more,
});

const binary = (name: string, on: unknown, off: unknown, access = 1) => ({
  access,
  label: name,
  name,
  property: name,
  type: 'binary',
  value_off: off,
  value_on: on,
});

/** As on zigbee2mqtt/bridge/devices, cut down to a device of each kind. */
const DEVICES = [
  {
    disabled: false,
    friendly_name: 'Coordinator',
    ieee_address: '0x00124b0024c8e4ab',
    interview_completed: true,
    network_address: 0,
    supported: true,
    type: 'Coordinator',
  },
  {
    definition: {
      description: 'Temperature and humidity sensor',
      exposes: [
        numeric('battery', '%', { category: 'diagnostic', value_max: 100, value_min: 0 }),
        numeric('temperature', '°C'),
        numeric('humidity', '%'),
        numeric('voltage', 'mV', { category: 'diagnostic' }),
        LINK_QUALITY,
      ],
      model: 'SNZB-02',
      options: [numeric('temperature_calibration', '', { access: 2 })],
      supports_ota: false,
      vendor: 'SONOFF',
    },
    disabled: false,
    friendly_name: 'cellar',
    ieee_address: '0x00124b00251f6ccc',
    type: 'EndDevice',
  },
  {
    definition: {
      description: 'Silvercrest smart plug',
      exposes: [
        { features: [binary('state', 'ON', 'OFF', 7)], type: 'switch' },
        numeric('power', 'W', { access: 5 }),
        binary('child_lock', 'LOCK', 'UNLOCK', 7),
        { ...numeric('countdown', 's', { access: 3 }), category: 'config' },
        numeric('identify', '', { access: 2 }),
        { access: 7, name: 'power_outage_memory', property: 'power_outage_memory', type: 'enum' },
        LINK_QUALITY,
      ],
      model: 'HG06337',
      vendor: 'Lidl',
    },
    disabled: false,
    friendly_name: 'kitchen/fridge plug',
    ieee_address: '0xec1bbdfffea21a34',
    type: 'Router',
  },
  {
    definition: {
      exposes: [
        {
          features: [
            binary('state', 'ON', 'OFF', 7),
            numeric('brightness', '', { access: 7 }),
            {
              access: 7,
              features: [numeric('x', '', { access: 7 }), numeric('y', '', { access: 7 })],
              name: 'color_xy',
              property: 'color',
              type: 'composite',
            },
          ],
          type: 'light',
        },
      ],
      model: 'LED1545G12',
      vendor: 'IKEA',
    },
    disabled: false,
    friendly_name: 'bulb',
    type: 'Router',
  },
  { definition: null, disabled: false, friendly_name: '0xfeed', supported: false, type: 'Unknown' },
  {
    definition: { exposes: [binary('contact', false, true), LINK_QUALITY] },
    disabled: true,
    friendly_name: 'old door',
    type: 'EndDevice',
  },
];

const NOTHING = {
  'bulb.brightness': null,
  'bulb.color.x': null,
  'bulb.color.y': null,
  'bulb.state': null,
  'cellar.battery[%]': null,
  'cellar.humidity[%]': null,
  'cellar.temperature[°C]': null,
  'cellar.voltage[mV]': null,
  'kitchen/fridge plug.child_lock': null,
  'kitchen/fridge plug.power[W]': null,
  'kitchen/fridge plug.state': null,
};

describe('zigbee2mqtt preset', () => {
  it('knows every published number and switch from the list of devices', () => {
    const { tell, now, faults } = hear({ preset: 'zigbee2mqtt' });
    tell('zigbee2mqtt/bridge/devices', DEVICES);
    expect(now()).toEqual(NOTHING);
    expect(faults).toEqual([]);
  });

  it('reads the devices, and neither groups nor commands nor the bridge', () => {
    const { tell, now, faults } = hear({ preset: 'zigbee2mqtt' });
    tell('zigbee2mqtt/bridge/devices', DEVICES);
    tell('zigbee2mqtt/cellar', {
      battery: 100,
      humidity: 43.29,
      linkquality: 83,
      temperature: 24.69,
      voltage: null,
      update: { state: 'idle', installed_version: 4096 },
    });
    tell('zigbee2mqtt/kitchen/fridge plug', { state: 'ON', power: 74.2, child_lock: 'UNLOCK' });
    tell('zigbee2mqtt/bulb', { state: 'OFF', brightness: 215, color: { x: 0.46, y: 0.41 } });
    tell('zigbee2mqtt/bulb/set', { brightness: 1 });
    tell('zigbee2mqtt/all lights', { state: 'ON', brightness: 7 });
    tell('zigbee2mqtt/bridge/logging', { level: 'info', message: 'x' });
    expect(now()).toEqual({
      'bulb.brightness': 215,
      'bulb.color.x': 0.46,
      'bulb.color.y': 0.41,
      'bulb.state': 0,
      'cellar.battery[%]': 100,
      'cellar.humidity[%]': 43.29,
      'cellar.temperature[°C]': 24.69,
      'cellar.voltage[mV]': null,
      'kitchen/fridge plug.child_lock': 0,
      'kitchen/fridge plug.power[W]': 74.2,
      'kitchen/fridge plug.state': 1,
    });
    expect(faults).toEqual([]);
  });

  it('has no readings of what is offline, be it a device or the bridge', () => {
    const { tell, now } = hear({ preset: 'zigbee2mqtt', base: 'z2m' });
    tell('z2m/bridge/devices', DEVICES);
    tell('z2m/cellar', { temperature: 20 });
    tell('z2m/bulb', { brightness: 9 });
    tell('z2m/cellar/availability', { state: 'offline' });
    expect(now()).toMatchObject({ 'cellar.temperature[°C]': null, 'bulb.brightness': 9 });
    tell('z2m/cellar/availability', 'online'); // as older versions sent it
    expect(now()).toMatchObject({ 'cellar.temperature[°C]': 20 });
    tell('z2m/bridge/state', { state: 'offline' });
    expect(now()).toMatchObject({ 'cellar.temperature[°C]': null, 'bulb.brightness': null });
    tell('z2m/bridge/state', { state: 'online' });
    expect(now()).toMatchObject({ 'cellar.temperature[°C]': 20, 'bulb.brightness': 9 });
  });

  it('keeps a boolean as it is, whatever its device calls on', () => {
    const { tell, now } = hear({ preset: 'zigbee2mqtt' });
    const door = { friendly_name: 'door', type: 'EndDevice' };
    const definition = { exposes: [binary('contact', false, true)] };
    tell('zigbee2mqtt/bridge/devices', [{ ...door, definition }]);
    tell('zigbee2mqtt/door', { contact: true });
    expect(now()).toEqual({ 'door.contact': 1 });
  });

  it('makes do with names where the list cannot be read', () => {
    const { tell, now } = hear({ preset: 'zigbee2mqtt' });
    tell('zigbee2mqtt/cellar', { temperature: 20.5, linkquality: 83, occupancy: false });
    expect(now()).toEqual({ 'cellar.occupancy': 0, 'cellar.temperature[°C]': 20.5 });
    tell('zigbee2mqtt/bridge/devices', DEVICES);
    expect(now()).toEqual({ ...NOTHING, 'cellar.temperature[°C]': 20.5 });
  });

  it('leaves out what it is told to, and forgets what is old', () => {
    const { tell, now } = hear({
      preset: 'zigbee2mqtt',
      ignore: ['battery', 'voltage', 'color*', 'child_lock', 'state'],
      maxAgeMs: 60_000,
    });
    tell('zigbee2mqtt/bridge/devices', DEVICES);
    tell('zigbee2mqtt/cellar', { temperature: 20.5, humidity: 40, linkquality: 83 });
    expect(now()).toEqual({
      'bulb.brightness': null,
      'cellar.humidity[%]': 40,
      'cellar.linkquality[lqi]': 83,
      'cellar.temperature[°C]': 20.5,
      'kitchen/fridge plug.linkquality[lqi]': null,
      'kitchen/fridge plug.power[W]': null,
    });
    expect(now(60_001)).toMatchObject({ 'cellar.humidity[%]': null });
  });

  it('counts broken payloads, but none that is taken back', () => {
    const { tell, faults } = hear({ preset: 'zigbee2mqtt' });
    tell('zigbee2mqtt/cellar', '{"temperature":');
    tell('zigbee2mqtt/cellar', '');
    expect(faults).toEqual(['topic zigbee2mqtt/cellar: payload is not JSON: {"temperature":']);
  });
});
