import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, SourceError } from '../../../src/core/errors.ts';
import type { Source } from '../../../src/core/source.ts';
import { fileSource } from '../../../src/io/sources/file.ts';
import { collect } from '../collect.ts';
import { startReading } from '../reading.ts';
import { sysTree } from './file/sys-tree.ts';

function open(options: object): { source: Source; told: string[] } {
  const told: string[] = [];
  const source = fileSource.create(fileSource.options.parse({ intervalMs: 20, ...options }), {
    streamId: 'cellar',
    warn: (message) => told.push(message),
  });
  return { source, told };
}

describe('file source', () => {
  it('reads whole files, groups of a pattern and places of JSON, scaled', async () => {
    const root = sysTree({
      level: ' 1465\n',
      meminfo: 'MemTotal:  1000 kB\nMemFree:    300 kB\n',
      'state.json': '{"sensors":[{"temp":70.7,"on":true}]}',
    });
    const { source, told } = open({
      files: [
        { name: 'level[V]', path: `${root}/level`, scale: 0.001 },
        { name: 'free[MB]', path: `${root}/meminfo`, pattern: '^MemFree: +(\\d+)', scale: 0.001 },
        { name: 'temp[°C]', path: `${root}/state.json`, json: 'sensors[0].temp', offset: -0.7 },
        { name: 'on', path: `${root}/state.json`, json: 'sensors[0].on' },
      ],
    });
    expect(source.channels[0]).toEqual({ id: 'level', unit: 'V' });
    const [sample] = await collect(source, 1);
    expect([...(sample?.values ?? [])]).toEqual([1.465, 0.3, 70, 1]);
    expect((sample?.timeMs ?? 1) % 20).toBe(0);
    expect(told).toEqual([]);
  });

  it('makes a channel of each file that a wildcard finds', async () => {
    const root = sysTree({ 'a/t1': '1', 'b/t1': '2', 'b/t2': '3' });
    const { source } = open({ files: [{ name: 'room.*[°C]', path: `${root}/*/t*` }] });
    expect(source.channels.map(({ id }) => id)).toEqual(['room.a.1', 'room.b.1', 'room.b.2']);
    expect((await collect(source, 1))[0]?.values).toEqual(Float64Array.of(1, 2, 3));
  });

  it('has no reading of a file that is gone, until it returns', async () => {
    const root = sysTree({ a: '1', b: '2' });
    const { source } = open({
      files: [
        { name: 'a', path: `${root}/a` },
        { name: 'b', path: `${root}/b` },
      ],
    });
    const reading = startReading(source);
    await expect.poll(reading.newest).toEqual([1, 2]);
    rmSync(`${root}/b`);
    await expect.poll(reading.newest).toEqual([1, Number.NaN]);
    writeFileSync(`${root}/b`, '3');
    await expect.poll(reading.newest).toEqual([1, 3]);
  });

  it('follows a sensor that comes back under another number while others stay', async () => {
    const root = sysTree({
      'sys/class/hwmon/hwmon1/name': 'cpu_thermal',
      'sys/class/hwmon/hwmon1/temp1_input': '50000',
      'sys/class/hwmon/hwmon2/name': 'lm75',
      'sys/class/hwmon/hwmon2/temp1_input': '20000',
    });
    const reading = startReading(open({ presets: ['hwmon'], root }).source);
    await expect.poll(reading.newest).toEqual([50, 20]);
    renameSync(join(root, 'sys/class/hwmon/hwmon2'), join(root, 'sys/class/hwmon/hwmon9'));
    writeFileSync(join(root, 'sys/class/hwmon/hwmon9/temp1_input'), '21000');
    await expect.poll(reading.newest).toEqual([50, 21]);
  });

  it('fails when all are gone, and follows a sensor to another number when opened again', async () => {
    const temp = 'sys/class/hwmon/hwmon2/temp1_input';
    const root = sysTree({ 'sys/class/hwmon/hwmon2/name': 'lm75', [temp]: '20000' });
    const { source } = open({ presets: ['hwmon'], root });
    const reading = startReading(source);
    await expect.poll(reading.newest).toEqual([20]);
    renameSync(dirname(join(root, temp)), join(root, 'sys/class/hwmon/hwmon7'));
    await expect(reading.ended).rejects.toThrow(SourceError);
    await expect(reading.ended).rejects.toThrow('none of 1 files is there, the first is');
    await expect.poll(startReading(source).newest).toEqual([20]);
  });

  it('counts what is no reading', async () => {
    const root = sysTree({ a: 'n/a\n', b: '1', c: '{"broken":' });
    mkdirSync(`${root}/d`);
    const { source, told } = open({
      files: [
        { name: 'a', path: `${root}/a` },
        { name: 'b', path: `${root}/b` },
        { name: 'c', path: `${root}/c`, json: 'broken' },
        { name: 'd', path: `${root}/d` },
      ],
    });
    const [sample] = await collect(source, 1);
    expect([...(sample?.values ?? [])]).toEqual([Number.NaN, 1, Number.NaN, Number.NaN]);
    expect(told[0]).toMatch(/^source file: .* /);
    expect(told[1]).toContain('and 1 more before it');
  });

  it.skipIf(process.getuid?.() === 0)('does not take a file it may not read for gone', async () => {
    const root = sysTree({ a: '1' });
    chmodSync(`${root}/a`, 0);
    const { source, told } = open({ files: [{ name: 'a', path: `${root}/a` }] });
    expect((await collect(source, 1))[0]?.values).toEqual(Float64Array.of(Number.NaN));
    expect(told[0]).toContain('EACCES');
  });

  it('keeps to the channels that were named, be they there or not', async () => {
    const root = sysTree({
      'sys/class/thermal/thermal_zone0/type': 'cpu-thermal',
      'sys/class/thermal/thermal_zone0/temp': '50000',
      'sys/class/thermal/thermal_zone1/type': 'gpu',
      'sys/class/thermal/thermal_zone1/temp': '60000',
    });
    const keep = ['w1.28-000005e2fdc3[°C]', 'thermal.gpu[°C]'];
    const { source } = open({ presets: ['thermal', 'one-wire'], keep, root });
    expect(source.channels.map(({ id }) => id)).toEqual(['w1.28-000005e2fdc3', 'thermal.gpu']);
    const [sample] = await collect(source, 1);
    expect([...(sample?.values ?? [])]).toEqual([Number.NaN, 60]);
  });

  it('finds its channels when the drivers come later', async () => {
    const root = sysTree({ 'sys/empty': '' });
    const { source } = open({ presets: ['one-wire'], root });
    await expect(collect(source)).rejects.toThrow('found no sensor of one-wire');
    const device = join(root, 'sys/bus/w1/devices/28-000005e2fdc3');
    mkdirSync(device, { recursive: true });
    const bytes = '72 01 4b 46 7f ff 0e 10 57';
    writeFileSync(join(device, 'w1_slave'), `${bytes} : crc=57 YES\n${bytes} t=23125\n`);
    expect((await collect(source, 1))[0]?.values).toEqual(Float64Array.of(23.125));
    expect(source.channels).toEqual([{ id: 'w1.28-000005e2fdc3', unit: '°C' }]);
  });

  it('says what cannot be', () => {
    const root = sysTree({ t1: '1', t2: '2' });
    const file = (item: object) => () =>
      open({ files: [{ name: 'a', path: `${root}/t1`, ...item }] });
    expect(() => open({})).toThrow('has nothing to read: set files or presets');
    expect(file({ path: `${root}/t*` })).toThrow("matches 2 files for the one channel 'a'");
    expect(file({ pattern: '\\d+' })).toThrow("the pattern of 'a' has no group");
    expect(file({ pattern: '(' })).toThrow(ConfigError);
    expect(file({ pattern: '(1)', json: 'x' })).toThrow('both pattern and json');
    const twice = { name: 'a', path: `${root}/t1` };
    expect(() => open({ files: [twice, twice] })).toThrow("channel 'a' is in");
  });
});
