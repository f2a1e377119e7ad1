import { describe, expect, it } from 'vitest';
import { DeviceError } from '../../../src/core/errors.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { conditionsOf } from '../../../src/lab/profiler/conditions.ts';
import { devices } from '../../../src/lab/profiler/devices.ts';
import { pinTo } from '../../../src/lab/profiler/host.ts';
import {
  fitRates,
  modelledPredictor,
  secondsOf,
  type TimedMachine,
} from '../../../src/lab/profiler/modelled-device.ts';
import { timeThisMachine } from '../../../src/lab/profiler/timed-machine.ts';
import { workOf } from '../../../src/lab/profiler/work.ts';
import { sysTree } from '../../io/sources/file/sys-tree.ts';
import { hostOf, network, QUICK } from './cases.ts';

describe('conditionsOf', () => {
  it('notes governor, clock, the hottest zone and what was held back', async () => {
    const root = sysTree({
      'sys/devices/system/cpu/cpu2/cpufreq/scaling_governor': 'ondemand\n',
      'sys/devices/system/cpu/cpu2/cpufreq/scaling_cur_freq': '1500000\n',
      'sys/class/thermal/thermal_zone0/temp': '48312\n',
      'sys/class/thermal/thermal_zone1/temp': '51000\n',
      'sys/class/thermal/cooling_device0/temp': '99000\n',
      'proc/loadavg': '0.52 0.58 0.59 1/389 22020\n',
    });
    const run = async (command: string) =>
      command === 'vcgencmd' ? 'throttled=0x50005' : undefined;
    expect(await conditionsOf(hostOf({ root, run }), 2)).toEqual({
      pinnedTo: 2,
      governor: 'ondemand',
      clockHz: 1.5e9,
      temperatureC: 51,
      throttled: 0x50005,
      load: 0.52,
    });
  });

  it('leaves out what the machine does not say', async () => {
    expect(await conditionsOf(hostOf())).toEqual({});
  });
});

describe('timeThisMachine', () => {
  const { signal } = new AbortController();
  const timed = (files: Readonly<Record<string, string>>) =>
    timeThisMachine(plainKernels, hostOf({ root: sysTree(files) }), signal, QUICK);
  const board = { 'proc/device-tree/model': 'Raspberry Pi 5 Model B Rev 1.0\0' };
  const cpufreq = 'sys/devices/system/cpu/cpu0/cpufreq';

  it('takes the highest clock, and what a device of this kind does in one', async () => {
    const found = await timed({
      ...board,
      [`${cpufreq}/cpuinfo_max_freq`]: '2400000\n',
      [`${cpufreq}/scaling_cur_freq`]: '1500000\n',
      'proc/cpuinfo': 'cpu MHz\t\t: 1500.000\n',
    });
    expect(found.clockHz).toBe(2.4e9);
    expect(found.flopsPerClock).toBe(16);
  });

  it('takes the clock that a virtual machine runs at, and times all operations and copying', async () => {
    const cpuinfo = 'model name\t: Some Processor\ncpu MHz\t\t: 2445.406\n';
    const found = await timed({ ...board, 'proc/cpuinfo': cpuinfo });
    expect(found.clockHz).toBeCloseTo(2445.406e6, 0);
    expect(new Set(found.ops.map(({ family }) => family)).size).toBe(6);
    expect(found.copyBytesPerS).toBeGreaterThan(0);
  });

  it('is a DeviceError of one line that says what to do where the clock is unknown', async () => {
    const found = timed({ ...board, 'proc/cpuinfo': 'BogoMIPS\t: 108.00\n' });
    await expect(found).rejects.toThrow(DeviceError);
    await expect(found).rejects.toThrow(
      /^[^\n]+Rev 1\.0 does not report its clock rate: [^\n]+--profile$/,
    );
  });
});

describe('pinTo', () => {
  it('gives back the processors that the thread had', async () => {
    const asked: string[] = [];
    const run = (_command: string, args: readonly string[]) => {
      asked.push(args.slice(0, -1).join(' '));
      return Promise.resolve("pid 7's current affinity list: 0,2-3");
    };
    // Tests run in a process of their own, in its main thread, or in a worker, where nothing can be held.
    const release = await pinTo(1, hostOf({ run }));
    await release?.();
    expect(asked).toEqual(release ? ['-cp', '-cp 1', '-cp 0,2-3'] : []);
  });

  it('is absent without taskset', async () => {
    expect(await pinTo(0, hostOf())).toBeUndefined();
  });
});

/** A machine on which times are just what these rates make of the work. */
const RATES = { attention: 2e-10, transform: 1e-10, convolution: 3e-10, projection: 5e-11 };
const machine: TimedMachine = {
  clockHz: 2.4e9,
  flopsPerClock: 16,
  copyBytesPerS: 5270e6,
  ops: Object.entries(RATES).flatMap(([family, rate]) =>
    [1, 2, 3].map((size) => {
      const [macs, bytes, calls] = [10_000 * size ** 2, 4000 * size, 3 + size];
      const p50S = macs * rate + bytes * 1e-10 + calls * 1e-7;
      return { op: family, family, rows: 16, hidden: 16, macs, bytes, calls, p50S, p95S: p50S };
    }),
  ),
};

describe('fitRates', () => {
  it('finds the rates that times were made of', () => {
    const { perMac, perByte, perCall } = fitRates(machine.ops);
    for (const [family, rate] of Object.entries(RATES)) {
      expect((perMac[family] ?? 0) / rate).toBeCloseTo(1, 2);
    }
    expect(perByte / 1e-10).toBeCloseTo(1, 1);
    expect(perCall / 1e-7).toBeCloseTo(1, 1);
  });
});

describe('modelledPredictor', () => {
  const asked = { network: network(2, 16) };

  it.each([...devices.values()])(
    'predicts $kind with a source and a spread for each figure',
    (device) => {
      const [told] = modelledPredictor(device, machine).predict([asked]);
      for (const estimate of [told?.p50S, told?.energyJ, told?.peakPowerW]) {
        if (!estimate) continue;
        expect(estimate.modelled).toMatch(/\w/);
        expect(estimate.epistemic).toBeGreaterThan(0);
      }
      expect(told?.p50S?.mean).toBeGreaterThan(0);
      expect(told?.p95S).toBeUndefined();
      expect(told?.energyJ === undefined).toBe(device.busyPowerW === undefined);
    },
  );

  it('predicts the timings of this machine for an equally fast device', () => {
    const pi5 = devices.get('pi-5');
    const [told] = pi5 ? modelledPredictor(pi5, machine).predict([asked]) : [];
    const here = secondsOf(workOf(asked.network), fitRates(machine.ops));
    expect((told?.p50S?.mean ?? 0) / here).toBeCloseTo(1, 9);
  });

  it('takes power between idle and busy, and energy by how long it takes', () => {
    const pi4 = devices.get('pi-4b');
    const [told] = pi4 ? modelledPredictor(pi4, machine).predict([asked]) : [];
    const powerW = told?.peakPowerW?.mean ?? 0;
    expect(powerW).toBeCloseTo(2.2 + (6.4 - 2.2) / 4, 9);
    expect(told?.energyJ?.mean).toBeCloseTo(powerW * (told?.p50S?.mean ?? 0), 12);
  });
});
