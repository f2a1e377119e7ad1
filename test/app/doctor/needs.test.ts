import { describe, expect, it } from 'vitest';
import { checkParts } from '../../../src/app/doctor/machine-checks.ts';
import { devicesOf, partsOf } from '../../../src/app/doctor/needs.ts';

const rtu = { kind: 'modbus', connection: { kind: 'rtu', path: '/dev/ttyUSB7' } };
const tcp = { kind: 'modbus', connection: { kind: 'tcp', host: 'meter' } };

function partNames(...sources: { kind: string }[]): string[] {
  return partsOf(sources.map((source) => ({ source }))).map(({ name }) => name);
}

describe('what sources need', () => {
  it('is the store and systemd-notify at least', () => {
    expect(partNames({ kind: 'host' })).toEqual(['better-sqlite3', 'systemd-notify']);
  });

  it('is what reads GPIO lines, and the packages of field buses', () => {
    const reader = (name: string) => ({ kind: 'gpio', reader: name });
    expect(partNames(reader('gpiomon'))).toContain('gpiomon');
    expect(partNames(reader('gpiomon'))).not.toContain('onoff');
    expect(partNames(reader('onoff'))).toContain('onoff');
    expect(partNames(reader('onoff'))).not.toContain('gpiomon');
    expect(partNames(reader('auto'), reader('auto'))).toEqual([
      'better-sqlite3',
      'systemd-notify',
      'gpiomon or onoff',
    ]);
    expect(partNames(tcp)).toContain('modbus-serial');
    expect(partNames(tcp)).not.toContain('serialport');
    expect(partNames(rtu)).toContain('serialport');
  });

  it('is the package of a sink', () => {
    const names = partsOf([], [{ kind: 'email' }, { kind: 'sparkplug' }, { kind: 'log' }]);
    expect(names.map(({ name }) => name).slice(2)).toEqual(['protobufjs', 'nodemailer']);
  });

  it('is loaded for real', async () => {
    const [sqlite] = await checkParts(partsOf([]));
    expect(sqlite?.found).toMatch(/^SQLite 3\.\d+/);
  });

  it('is the device a source names, or the usual chip where none is there', () => {
    const streams = [{ source: { kind: 'gpio' } }, { source: rtu }, { source: tcp }];
    const found = devicesOf(streams, ['null', 'gpiochip0', 'gpiochip4', 'gpiomem']);
    expect(found.map(({ path, group }) => `${path} ${group}`)).toEqual([
      '/dev/gpiochip0 gpio',
      '/dev/gpiochip4 gpio',
      '/dev/ttyUSB7 dialout',
    ]);
    const [usual] = devicesOf([{ source: { kind: 'gpio' } }], ['null']);
    expect(usual?.path).toBe('/dev/gpiochip0');
  });

  it('is the firmware of a Pi for who asks it (#18)', () => {
    const asking = (command: string) => [{ source: { kind: 'exec', command: [command, 'x'] } }];
    expect(devicesOf(asking('/usr/bin/vcgencmd'))).toMatchObject([
      { path: '/dev/vcio', group: 'video' },
    ]);
    expect(devicesOf(asking('sensors'))).toEqual([]);
  });
});
