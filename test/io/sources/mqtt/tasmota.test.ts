import { describe, expect, it } from 'vitest';
import { hear } from './hear.ts';

/** As on tasmota/discovery/<MAC>/config. */
const config = (topic: string, rl: number[], mac = 'E09806F17F56') => ({
  ip: '192.168.2.71',
  dn: 'Tasmota',
  fn: ['Tasmota', null, null, null, null, null, null, null],
  hn: `${topic}-8022`,
  mac,
  md: 'Athom Plug V2',
  ty: 0,
  if: 0,
  ofln: 'Offline',
  onln: 'Online',
  state: ['OFF', 'ON', 'TOGGLE', 'HOLD'],
  sw: '10.1.0',
  t: topic,
  ft: '%prefix%/%topic%/',
  tp: ['cmnd', 'stat', 'tele'],
  rl,
  swc: [-1, -1, -1, -1, -1, -1, -1, -1],
  swn: [null, null, null, null, null, null, null, null],
  btn: [0, 0, 0, 0, 0, 0, 0, 0],
  so: { 4: 0, 11: 0, 13: 0, 17: 0, 20: 0, 30: 0, 68: 0, 73: 0, 82: 0, 114: 0, 117: 0 },
  lk: 0,
  lt_st: 0,
  sho: [0, 0, 0, 0],
  ver: 1,
});

const ENERGY = {
  TotalStartTime: '2023-06-24T08:32:22',
  Total: 261.244,
  Yesterday: 1.737,
  Today: 1.163,
  Power: 76.2,
  ApparentPower: 131.265,
  ReactivePower: 106.9,
  Factor: 0.58,
  Voltage: 231.1,
  Current: 0.568,
};

const plug = 'tasmota_F17F56';

describe('tasmota preset', () => {
  it('knows sensors and relays from both halves of the discovery, in any order', () => {
    for (const order of [0, 1]) {
      const { tell, now } = hear({ preset: 'tasmota' });
      const halves: [string, object][] = [
        ['config', config(plug, [1, 0, 0, 0])],
        ['sensors', { sn: { Time: '2023-06-24T08:39:31', ENERGY }, ver: 1 }],
      ];
      for (const [part, payload] of order ? halves.reverse() : halves) {
        tell(`tasmota/discovery/E09806F17F56/${part}`, payload);
      }
      expect(now()).toEqual({
        [`${plug}.ENERGY.ApparentPower[VA]`]: null,
        [`${plug}.ENERGY.Current[A]`]: null,
        [`${plug}.ENERGY.Factor`]: null,
        [`${plug}.ENERGY.Power[W]`]: null,
        [`${plug}.ENERGY.ReactivePower[var]`]: null,
        [`${plug}.ENERGY.Voltage[V]`]: null,
        [`${plug}.POWER`]: null,
      });
    }
  });

  it('reads telemetry and switching, and neither counters nor Wi-Fi nor echoes', () => {
    const { tell, now, faults } = hear({ preset: 'tasmota' });
    tell('tasmota/discovery/E09806F17F56/config', config(plug, [1, 0]));
    tell('tasmota/discovery/E09806F17F56/sensors', { sn: { ENERGY: { Power: 0 } }, ver: 1 });
    tell(`tele/${plug}/LWT`, 'Online');
    tell(`tele/${plug}/SENSOR`, { Time: '2023-06-24T08:44:31', ENERGY });
    tell(`stat/${plug}/RESULT`, { POWER: 'ON' });
    tell(`stat/${plug}/RESULT`, { TelePeriod: 300 });
    expect(now()).toEqual({ [`${plug}.ENERGY.Power[W]`]: 76.2, [`${plug}.POWER`]: 1 });
    tell(`tele/${plug}/STATE`, {
      Time: '2018-05-22T02:16:39',
      Uptime: '0T00:24:58',
      UptimeSec: 1498,
      Vcc: 3.485,
      Heap: 26,
      SleepMode: 'Dynamic',
      Sleep: 50,
      LoadAvg: 19,
      MqttCount: 1,
      POWER: 'OFF',
      Wifi: { AP: 1, SSId: 'home', RSSI: 90, Signal: -55, LinkCount: 1 },
    });
    expect(now()).toMatchObject({ [`${plug}.POWER`]: 0 });
    tell(`tele/${plug}/LWT`, 'Offline');
    expect(now()).toEqual({ [`${plug}.ENERGY.Power[W]`]: null, [`${plug}.POWER`]: null });
    expect(faults).toEqual([]);
  });

  it('takes units of temperatures and pressures from beside them', () => {
    const { tell, now } = hear({ preset: 'tasmota' });
    const sn = {
      Time: '2024-01-05T10:00:00',
      BME280: { Temperature: 68.4, Humidity: 44.1, DewPoint: 45.7, Pressure: 1013.2 },
      'DS18B20-1': { Id: '011312345678', Temperature: 70.1 },
      PressureUnit: 'hPa',
      TempUnit: 'F',
    };
    tell('tasmota/discovery/AABBCCDDEEFF/config', config('attic', [0], 'AABBCCDDEEFF'));
    tell('tasmota/discovery/AABBCCDDEEFF/sensors', { sn, ver: 1 });
    tell('tele/attic/SENSOR', sn);
    expect(now()).toEqual({
      'attic.BME280.DewPoint[°F]': 45.7,
      'attic.BME280.Humidity[%]': 44.1,
      'attic.BME280.Pressure[hPa]': 1013.2,
      'attic.BME280.Temperature[°F]': 68.4,
      'attic.DS18B20-1.Temperature[°F]': 70.1,
    });
  });

  it('numbers several relays, and knows a light', () => {
    const { tell, now } = hear({ preset: 'tasmota' });
    tell('tasmota/discovery/D8F15BB3DB2D/config', config('switch', [1, 2, 0], 'D8F15BB3DB2D'));
    tell('tele/switch/STATE', { POWER1: 'ON', POWER2: 'OFF', Dimmer: 40, Wifi: { RSSI: 90 } });
    expect(now()).toEqual({ 'switch.Dimmer[%]': 40, 'switch.POWER1': 1, 'switch.POWER2': 0 });
  });

  it('reads phases, another full topic, and devices that announce nothing', () => {
    const { tell, now } = hear({ preset: 'tasmota', base: 'home/%topic%/%prefix%/' });
    tell('home/meter/tele/SENSOR', { ENERGY: { Power: [10, 20, 30], Factor: 0.9 } });
    tell('tele/meter/SENSOR', { ENERGY: { Power: 1 } });
    expect(now()).toEqual({
      'meter.ENERGY.Factor': 0.9,
      'meter.ENERGY.Power.0[W]': 10,
      'meter.ENERGY.Power.1[W]': 20,
      'meter.ENERGY.Power.2[W]': 30,
    });
  });
});
