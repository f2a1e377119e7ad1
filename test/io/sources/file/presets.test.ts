import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type Discover,
  hwmonReadings,
  iioReadings,
  oneWireReadings,
  temperatureIn,
  thermalReadings,
} from '../../../../src/io/sources/file/presets.ts';
import { sysTree } from './sys-tree.ts';

/** What a preset finds and reads, as `name[unit]: value`. */
function found(discover: Discover, files: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    discover(sysTree(files)).map(({ channel, path, parse }) => [
      `${channel.id}[${channel.unit}]`,
      parse(readFileSync(path, 'utf8')),
    ]),
  );
}

describe('hwmon preset', () => {
  const pi5 = {
    'sys/class/hwmon/hwmon0/name': 'cpu_thermal\n',
    'sys/class/hwmon/hwmon0/temp1_input': '48250\n',
    'sys/class/hwmon/hwmon1/name': 'rp1_adc\n',
    'sys/class/hwmon/hwmon1/in1_input': '1465\n',
    'sys/class/hwmon/hwmon1/temp1_input': '46051\n',
    'sys/class/hwmon/hwmon2/name': 'pwmfan\n',
    'sys/class/hwmon/hwmon2/fan1_input': '2987\n',
    'sys/class/hwmon/hwmon2/pwm1': '75\n',
    'sys/class/hwmon/hwmon3/name': 'rpi_volt\n',
    'sys/class/hwmon/hwmon3/in0_lcrit_alarm': '0\n',
  };

  it('finds what a Pi 5 has, in everyday units', () => {
    expect(found(hwmonReadings, pi5)).toEqual({
      'cpu_thermal.temp1[°C]': 48.25,
      'rp1_adc.in1[V]': 1.465,
      'rp1_adc.temp1[°C]': 46.051,
      'pwmfan.fan1[1/min]': 2987,
      'rpi_volt.in0_lcrit_alarm[]': 0,
    });
  });

  it('names by label, and tells chips of one name apart by their device', () => {
    const tree = {
      'sys/class/hwmon/hwmon0/name': 'ina226\n',
      'sys/class/hwmon/hwmon0/device': '-> ../../../1-0040',
      'sys/class/hwmon/hwmon0/curr1_input': '-1200\n',
      'sys/class/hwmon/hwmon0/power1_input': '6100000\n',
      'sys/class/hwmon/hwmon0/power1_average': '1\n',
      'sys/class/hwmon/hwmon5/name': 'ina226\n',
      'sys/class/hwmon/hwmon5/device': '-> ../../../1-0041',
      'sys/class/hwmon/hwmon5/temp1_label': 'Package id 0\n',
      'sys/class/hwmon/hwmon5/temp1_input': 'N/A\n',
      'sys/class/hwmon/hwmon5/power1_average': '2500000\n',
    };
    expect(found(hwmonReadings, tree)).toEqual({
      'ina226.1-0040.curr1[A]': -1.2,
      'ina226.1-0040.power1[W]': 6.1,
      'ina226.1-0041.Package_id_0[°C]': undefined,
      'ina226.1-0041.power1[W]': 2.5,
    });
  });

  it('finds nothing where there is nothing', () => {
    expect(found(hwmonReadings, {})).toEqual({});
  });
});

describe('iio preset', () => {
  it('scales raw values with what the channel or its type says', () => {
    const ads1115 = 'sys/bus/iio/devices/iio:device0';
    const bme280 = 'sys/bus/iio/devices/iio:device1';
    const tree = {
      [`${ads1115}/name`]: 'ads1015\n',
      [`${ads1115}/in_voltage0_raw`]: '823\n',
      [`${ads1115}/in_voltage0_scale`]: '3.000000000\n',
      [`${ads1115}/in_voltage0-voltage1_raw`]: '-10\n',
      [`${ads1115}/in_voltage_scale`]: '2\n',
      [`${bme280}/name`]: 'bme280\n',
      [`${bme280}/in_temp_input`]: '21470\n',
      [`${bme280}/in_temp_raw`]: '1\n',
      [`${bme280}/in_pressure_input`]: '101.325878906\n',
      [`${bme280}/in_humidityrelative_input`]: '44720\n',
      [`${bme280}/in_temp_oversampling_ratio`]: '2\n',
      'sys/bus/iio/devices/trigger0/name': 'hrtimer\n',
    };
    const readings = found(iioReadings, tree);
    expect(readings['ads1015.voltage0[V]']).toBeCloseTo(2.469, 9);
    expect(readings['ads1015.voltage0-voltage1[V]']).toBeCloseTo(-0.02, 9);
    expect(readings['bme280.temp[°C]']).toBe(21.47);
    expect(readings['bme280.pressure[kPa]']).toBe(101.325878906);
    expect(readings['bme280.humidityrelative[%]']).toBe(44.72);
    expect(Object.keys(readings)).toHaveLength(5);
  });

  it('adds the offset first, keeps axes and numbers devices of one name', () => {
    const tree = {
      'sys/bus/iio/devices/iio:device2/name': 'mpu6050\n',
      'sys/bus/iio/devices/iio:device2/in_accel_x_raw': '-16384\n',
      'sys/bus/iio/devices/iio:device2/in_accel_scale': '0.000598\n',
      'sys/bus/iio/devices/iio:device2/in_temp_raw': '-2000\n',
      'sys/bus/iio/devices/iio:device2/in_temp_offset': '12421\n',
      'sys/bus/iio/devices/iio:device2/in_temp_scale': '2.941176\n',
      'sys/bus/iio/devices/iio:device10/name': 'mpu6050\n',
      'sys/bus/iio/devices/iio:device10/in_accel_x_raw': '0\n',
    };
    const readings = found(iioReadings, tree);
    expect(readings['mpu6050.0.accel_x[m/s²]']).toBeCloseTo(-9.797632, 9);
    expect(readings['mpu6050.0.temp[°C]']).toBeCloseTo((10_421 * 2.941176) / 1000, 9);
    expect(readings['mpu6050.1.accel_x[m/s²]']).toBe(0);
  });
});

describe('one-wire preset', () => {
  const read = (bytes: string, crc: string, t: number) =>
    `${bytes} : crc=${bytes.slice(-2)} ${crc}\n${bytes} t=${t}\n`;
  const good = read('72 01 4b 46 7f ff 0e 10 57', 'YES', 23_125);

  it('finds thermometers by their family and reads thousandths', () => {
    const devices = 'sys/bus/w1/devices';
    const tree = {
      [`${devices}/28-000005e2fdc3/w1_slave`]: good,
      [`${devices}/3b-0000001921e8/w1_slave`]: good.replace('t=23125', 't=-10062'),
      [`${devices}/w1_bus_master1/w1_master_slave_count`]: '2\n',
      [`${devices}/29-000000123456/state`]: '',
    };
    expect(found(oneWireReadings, tree)).toEqual({
      'w1.28-000005e2fdc3[°C]': 23.125,
      'w1.3b-0000001921e8[°C]': -10.062,
    });
  });

  it('refuses a wrong checksum, the power-on value, and the zeros of a silent bus', () => {
    expect(temperatureIn(good)).toBe(23.125);
    expect(temperatureIn(read('72 01 4b 46 7f ff 0e 10 58', 'NO', 23_125))).toBeUndefined();
    expect(temperatureIn(read('50 05 4b 46 7f ff 0c 10 1c', 'YES', 85_000))).toBeUndefined();
    expect(temperatureIn(read('4f 05 4b 46 7f ff 01 10 8c', 'YES', 84_937))).toBe(84.937);
    expect(temperatureIn(read('00 00 00 00 00 00 00 00 00', 'YES', 0))).toBeUndefined();
    expect(temperatureIn('')).toBeUndefined();
  });
});

describe('thermal preset', () => {
  it('names zones by type, and by number where a type has several', () => {
    const tree = {
      'sys/class/thermal/thermal_zone0/type': 'cpu-thermal\n',
      'sys/class/thermal/thermal_zone0/temp': '51200\n',
      'sys/class/thermal/thermal_zone1/type': 'acpitz\n',
      'sys/class/thermal/thermal_zone1/temp': '30000\n',
      'sys/class/thermal/thermal_zone2/type': 'acpitz\n',
      'sys/class/thermal/thermal_zone2/temp': '31000\n',
      'sys/class/thermal/cooling_device0/type': 'Fan\n',
    };
    expect(found(thermalReadings, tree)).toEqual({
      'thermal.cpu-thermal[°C]': 51.2,
      'thermal.acpitz.1[°C]': 30,
      'thermal.acpitz.2[°C]': 31,
    });
  });
});
