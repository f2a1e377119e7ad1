import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, DeviceError } from '../../../../src/core/errors.ts';
import { detectMeter, meters, openMeter } from '../../../../src/lab/profiler/meters/index.ts';
import { undescribed } from '../../../contracts/plugin-folder.ts';
import { sysTree } from '../../../io/sources/file/sys-tree.ts';
import { hostOf } from '../cases.ts';

const RAPL = 'sys/class/powercap/intel-rapl:0';

/** Each look at it is so many milliseconds later. */
function clock(stepMs: number): () => number {
  let timeMs = 1_700_000_000_000;
  return () => {
    timeMs += stepMs;
    return timeMs;
  };
}

describe('meter registry', () => {
  it('lists every meter of the folder', () => {
    const folder = new URL('../../../../src/lab/profiler/meters/', import.meta.url);
    const sources = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
    const kinds = sources.flatMap((source) =>
      [...source.matchAll(/: MeterPlugin<.*> = \{\s+kind: '([^']+)'/g)].map(([, kind]) => kind),
    );
    expect(kinds.length).toBeGreaterThan(1);
    expect([...meters.keys()].sort()).toEqual(kinds.sort());
  });

  it.each([...meters.values()])(
    '$kind describes its options and takes no others',
    ({ options }) => {
      expect(undescribed(options)).toEqual([]);
    },
  );

  it.each([...meters.keys()])('%s is a DeviceError where there is none', async (kind) => {
    await expect(openMeter(kind, {}, hostOf())).rejects.toThrow(DeviceError);
  });

  it('refuses a kind that there is not, naming those there are', async () => {
    await expect(openMeter('guess', {}, hostOf())).rejects.toThrow(ConfigError);
    await expect(openMeter('guess', {}, hostOf())).rejects.toThrow(/hwmon.*rapl/);
  });

  it('finds none on a machine without one', async () => {
    expect(await detectMeter(hostOf())).toBeUndefined();
  });
});

describe('rapl', () => {
  const files = (microJoules: number) => ({
    [`${RAPL}/name`]: 'package-0',
    [`${RAPL}/max_energy_range_uj`]: '1000000000',
    [`${RAPL}/energy_uj`]: String(microJoules),
  });

  it('counts on when its counter begins anew', async () => {
    const root = sysTree(files(999_000_000));
    const meter = await openMeter('rapl', {}, hostOf({ root, nowMs: clock(500) }));
    const recording = meter.start();
    writeFileSync(join(root, RAPL, 'energy_uj'), '2000000');
    const trace = await recording.stop();
    expect(trace?.energyJ).toBeCloseTo(3, 9);
    expect(trace?.peakPowerW).toBeCloseTo(6, 9);
  });

  it('adds packages, and leaves out their parts', async () => {
    const root = sysTree({
      ...files(0),
      'sys/class/powercap/intel-rapl:1/name': 'package-1',
      'sys/class/powercap/intel-rapl:1/energy_uj': '0',
      [`sys/class/powercap/intel-rapl:0:0/energy_uj`]: '0',
    });
    const meter = await openMeter('rapl', {}, hostOf({ root }));
    expect(meter.id).toBe('package-0+package-1');
  });

  it('is a DeviceError when its files go away meanwhile', async () => {
    const root = sysTree(files(0));
    const recording = (await openMeter('rapl', {}, hostOf({ root }))).start();
    rmSync(join(root, RAPL), { recursive: true });
    await expect(async () => recording.stop()).rejects.toThrow(/rapl package-0 no longer answers/);
  });
});

describe('hwmon', () => {
  it('reads the power of an INA219, and not that of other chips', async () => {
    const root = sysTree({
      'sys/class/hwmon/hwmon0/name': 'amdgpu',
      'sys/class/hwmon/hwmon0/power1_input': '99000000',
      'sys/class/hwmon/hwmon1/name': 'ina219',
      'sys/class/hwmon/hwmon1/power1_input': '2500000',
    });
    const meter = await openMeter('hwmon', {}, hostOf({ root, nowMs: clock(100) }));
    const trace = await meter.start().stop();
    expect(meter.id).toBe('ina219 1');
    expect(trace?.peakPowerW).toBeCloseTo(2.5, 9);
    expect((trace?.energyJ ?? 0) / (trace?.seconds ?? 1)).toBeCloseTo(2.5, 9);
  });

  it('multiplies voltage and current of the rail of an INA3221 that is asked for', async () => {
    const root = sysTree({
      'sys/class/hwmon/hwmon3/name': 'ina3221',
      'sys/class/hwmon/hwmon3/in1_input': '5000',
      'sys/class/hwmon/hwmon3/curr1_input': '1000',
      'sys/class/hwmon/hwmon3/in2_label': 'VDD_CPU',
      'sys/class/hwmon/hwmon3/in2_input': '5000',
      'sys/class/hwmon/hwmon3/curr2_input': '400',
    });
    const host = hostOf({ root, nowMs: clock(100) });
    const trace = await (await openMeter('hwmon', { rail: 'VDD_CPU' }, host)).start().stop();
    expect(trace?.peakPowerW).toBeCloseTo(2, 9);
  });

  it('is a DeviceError when the chip disappears', async () => {
    const folder = 'sys/class/hwmon/hwmon1';
    const root = sysTree({ [`${folder}/name`]: 'ina226', [`${folder}/power1_input`]: '1000000' });
    const recording = (await openMeter('hwmon', {}, hostOf({ root }))).start();
    rmSync(join(root, folder), { recursive: true });
    await expect(async () => recording.stop()).rejects.toThrow(DeviceError);
  });
});

describe('iio', () => {
  it.each([
    ['scaled by its driver', { in_power0_input: '3200', rail_name_0: 'POM_5V_IN' }, 'POM_5V_IN'],
    ['raw with a scale', { in_power2_raw: '160', in_power2_scale: '20' }, '2'],
  ])('reads power that is %s', async (_form, files, label) => {
    const folder = 'sys/bus/iio/devices/iio:device0';
    const named = Object.entries(files).map(([file, text]) => [`${folder}/${file}`, text]);
    const root = sysTree({ [`${folder}/name`]: 'ina3221x', ...Object.fromEntries(named) });
    const meter = await openMeter('iio', {}, hostOf({ root, nowMs: clock(100) }));
    expect(meter.id).toBe(`ina3221x ${label}`);
    expect((await meter.start().stop())?.peakPowerW).toBeCloseTo(3.2, 9);
  });
});

describe('pmic', () => {
  const printed = [
    ' 3V3_SYS_A current(1)=0.10000000A',
    ' VDD_CORE_A current(7)=2.00000000A',
    ' 3V3_SYS_V volt(9)=3.30000000V',
    ' VDD_CORE_V volt(15)=0.90000000V',
    ' EXT5V_V volt(24)=5.15000000V',
  ].join('\n');

  it('adds the rails of which both current and voltage are printed', async () => {
    const host = hostOf({ run: async () => printed, nowMs: clock(100) });
    const meter = await detectMeter(host);
    expect(meter?.kind).toBe('pmic');
    expect((await meter?.start().stop())?.peakPowerW).toBeCloseTo(0.33 + 1.8, 9);
  });

  it('is a DeviceError when the command answers no longer', async () => {
    let answers = 1;
    const run = async () => (answers-- > 0 ? printed : undefined);
    const recording = (await openMeter('pmic', {}, hostOf({ run }))).start();
    await expect(async () => recording.stop()).rejects.toThrow(/pmic vcgencmd/);
  });
});

describe('serial', () => {
  /** A port on which these lines come at once. */
  const portWith = (lines: readonly string[], stepMs: number) =>
    hostOf({
      run: async () => '',
      nowMs: clock(stepMs),
      follow(_command, _args, onLine) {
        for (const line of lines) onLine(line);
        return () => undefined;
      },
    });

  it.each([['5.10 V 0.500 A'], ['U=5.10V I=500mA'], ['P=2.55W'], ['2550 mW']])(
    'understands %s, and passes over what is no reading',
    async (line) => {
      const host = portWith(['# meter 1', line, 'V', line], 100);
      const meter = await openMeter('serial', { path: '/dev/ttyUSB0' }, host);
      const trace = await meter.start().stop();
      expect(trace?.samples).toBe(2);
      expect(trace?.peakPowerW).toBeCloseTo(2.55, 9);
    },
  );

  it('is a DeviceError when it falls silent', async () => {
    const host = portWith(['2 W'], 3000);
    const recording = (await openMeter('serial', { path: '/dev/ttyUSB0' }, host)).start();
    await expect(async () => recording.stop()).rejects.toThrow(/serial \/dev\/ttyUSB0/);
  });

  it('is a DeviceError when its port cannot be set up', async () => {
    await expect(openMeter('serial', { path: '/dev/ttyUSB9' }, hostOf())).rejects.toThrow(
      /ttyUSB9 cannot be opened/,
    );
  });
});

describe('csv-log', () => {
  it('takes the time that is asked for from a log whose clock is ahead', async () => {
    const root = sysTree({ 'power.csv': 'time;W\n1700000000;9\n' });
    const path = join(root, 'power.csv');
    const host = hostOf({ nowMs: clock(2000) });
    const meter = await openMeter('csv-log', { path, power: 'W', aheadMs: 60_000 }, host);
    const recording = meter.start();
    // 2 s to 4 s of this machine's time, of which the log says that they are 62 s to 64 s.
    appendFileSync(path, '1700000061;5\n1700000062;2\n1700000063;4\n1700000064;2\n1700000065;7\n');
    const trace = await recording.stop();
    expect(trace?.energyJ).toBeCloseTo(6, 9);
    expect(trace?.peakPowerW).toBe(4);
    expect(trace?.seconds).toBe(2);
  });

  it('names the columns that there are where one is missing', async () => {
    const path = join(sysTree({ 'power.csv': 'when,volts\n' }), 'power.csv');
    await expect(openMeter('csv-log', { path }, hostOf())).rejects.toThrow(/when, volts/);
  });

  it('is a DeviceError where its file is missing', async () => {
    await expect(openMeter('csv-log', { path: '/nowhere/x.csv' }, hostOf())).rejects.toThrow(
      DeviceError,
    );
  });
});
