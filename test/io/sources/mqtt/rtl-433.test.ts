import { describe, expect, it } from 'vitest';
import { hear } from './hear.ts';

const events = 'rtl_433/raspberrypi/events';

describe('rtl_433 preset', () => {
  it('tells devices apart by all that identifies them, and takes units from the names', () => {
    const { tell, now, faults } = hear({ preset: 'rtl_433' });
    tell(events, {
      time: '2026-02-18 12:34:56',
      model: 'Acurite-Tower',
      id: 12345,
      channel: 'A',
      battery_ok: 1,
      temperature_C: 22.3,
      humidity: 45,
      mic: 'CHECKSUM',
    });
    tell(events, {
      time: '2020-10-04 17:44:39',
      model: 'Acurite-5n1',
      message_type: 56,
      id: 1776,
      channel: 'C',
      sequence_num: 2,
      battery_ok: 0,
      wind_avg_km_h: 3.2,
      wind_dir_deg: 22.5,
      rain_in: 15.54,
      mic: 'CHECKSUM',
    });
    tell(events, {
      time: '2025-01-01 00:00:01',
      model: 'Nexus-TH',
      id: 177,
      channel: 1,
      battery_ok: 1,
      temperature_C: 21.5,
      humidity: 45,
      mod: 'ASK',
      freq: 433.92,
      rssi: -0.105,
      snr: 22.1,
      noise: -22.2,
    });
    expect(now()).toEqual({
      'Acurite-5n1.C.1776.battery_ok': 0,
      'Acurite-5n1.C.1776.rain_in[in]': 15.54,
      'Acurite-5n1.C.1776.wind_avg_km_h[km/h]': 3.2,
      'Acurite-5n1.C.1776.wind_dir_deg[°]': 22.5,
      'Acurite-Tower.A.12345.battery_ok': 1,
      'Acurite-Tower.A.12345.humidity[%]': 45,
      'Acurite-Tower.A.12345.temperature_C[°C]': 22.3,
      'Nexus-TH.1.177.battery_ok': 1,
      'Nexus-TH.1.177.humidity[%]': 45,
      'Nexus-TH.1.177.temperature_C[°C]': 21.5,
    });
    expect(faults).toEqual([]);
  });

  it('reads other fields of an event, and skips messages without a model', () => {
    const { tell, now } = hear({ preset: 'rtl_433', base: 'radio', ignore: ['battery_ok'] });
    tell('radio/events', { model: 'Fineoffset WH65', id: 7, pressure_hPa: 1013.1, uv: 3 });
    tell('radio/events', { enabled: 209, since: '2026-01-01', frames: { count: 5 } });
    tell('radio/states', { model: 'x', id: 1, temperature_C: 1 });
    expect(now()).toEqual({
      'Fineoffset_WH65.7.pressure_hPa[hPa]': 1013.1,
      'Fineoffset_WH65.7.uv': 3,
    });
  });
});
