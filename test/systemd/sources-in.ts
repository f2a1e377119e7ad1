// A source of each kind for a daemon that sees nothing but one folder; unit-rules.slow.test.ts.
import { chmodSync, chownSync, readFileSync, realpathSync, writeFile } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { writeRecording } from '../app/recording.ts';
import { openPseudoTerminals } from '../io/pseudo-terminals.ts';
import { sysTree } from '../io/sources/file/sys-tree.ts';
import { fakeGpiod } from '../io/sources/gpio/fake-gpiod.ts';
import { modbusServer } from '../io/sources/modbus/modbus-server.ts';
import type { Confined } from './confined.ts';

/** Prints a row each 50 ms: two channels that move together, until the file `fault` is there. */
const MACHINE = (fault: string): string => `
  let n = 0;
  setInterval(() => {
    n += 1;
    const load = Math.sin(n / 20) + (require('node:fs').existsSync(${JSON.stringify(fault)}) ? 40 : 0);
    console.log(JSON.stringify({ power: 10 + load + Math.random() / 9, heat: 50 + 5 * Math.sin(n / 20) + Math.random() / 2 }));
  }, 50);`;

/** Every preset of the source `file`, with something to find. */
const SYS = {
  'sys/class/hwmon/hwmon0/name': 'cpu_thermal\n',
  'sys/class/hwmon/hwmon0/temp1_input': '48250\n',
  'sys/bus/iio/devices/iio:device0/name': 'ads1015\n',
  'sys/bus/iio/devices/iio:device0/in_voltage0_raw': '100\n',
  'sys/bus/iio/devices/iio:device0/in_voltage0_scale': '2\n',
  'sys/bus/w1/devices/28-00000a1b2c3d/w1_slave':
    '50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=23125\n',
  'sys/class/thermal/thermal_zone0/type': 'cpu-thermal\n',
  'sys/class/thermal/thermal_zone0/temp': '48250\n',
};

/** A serial line on which numbers come, for the group of serial ports as udev gives it. */
async function serialLine(): Promise<string> {
  const line = await openPseudoTerminals();
  const path = realpathSync(line.near);
  const [, dialout = '0'] = /^dialout:x:(\d+):/m.exec(readFileSync('/etc/group', 'utf8')) ?? [];
  chownSync(path, 0, Number(dialout));
  chmodSync(path, 0o660);
  every(100, () => writeFile(line.far, '1.5 2.5\n', () => undefined));
  onTestFinished(line.close);
  return path;
}

/** A source of each kind, by name of its stream. */
export async function sourcesIn({ folder, state }: Confined) {
  const register = { name: 'power[W]', address: 0 };
  const meter = await modbusServer({ 0: 230 });
  return {
    machine: {
      ...{ kind: 'exec', mode: 'lines' },
      command: [process.execPath, '-e', MACHINE(join(state, 'fault'))],
    },
    polled: { kind: 'exec', command: ['cut', '-d ', '-f1-3', '/proc/loadavg'], intervalMs: 100 },
    host: { kind: 'host', intervalMs: 100 },
    file: {
      ...{ kind: 'file', intervalMs: 100, root: sysTree(SYS, join(folder, 'root')) },
      presets: ['hwmon', 'iio', 'one-wire', 'thermal'],
    },
    gpio: {
      ...{ kind: 'gpio', intervalMs: 100, lines: [{ line: 17 }] },
      gpiodFolder: fakeGpiod(
        { monitor: "setInterval(() => { edge(1, 17, 'GPIO17'); edge(2, 17, 'GPIO17'); }, 10);" },
        folder,
      ),
    },
    csv: {
      ...{ kind: 'csv', speed: 10 },
      path: writeRecording(folder, 'recording.csv', { rows: 30_000, seed: 3 }),
    },
    mqtt: {
      ...{ kind: 'mqtt', intervalMs: 100, channels: [{ name: 'level[m]', topic: 'plant/level' }] },
    },
    modbus: {
      ...{ kind: 'modbus', intervalMs: 100, registers: [register] },
      connection: { kind: 'tcp', host: 'localhost', port: meter.port },
    },
    serial: { kind: 'serial', path: await serialLine() },
    stdin: { kind: 'stdin' },
  };
}

/** Until the test ends. */
export function every(periodMs: number, work: () => void): void {
  const timer = setInterval(work, periodMs);
  onTestFinished(() => clearInterval(timer));
}
