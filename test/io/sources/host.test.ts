import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SourceError } from '../../../src/core/errors.ts';
import type { Probe, ReadText } from '../../../src/io/sources/host/probe.ts';
import {
  cpuProbe,
  loadProbe,
  memoryProbe,
  thermalProbe,
} from '../../../src/io/sources/host/system.ts';
import { diskProbe, networkProbe } from '../../../src/io/sources/host/traffic.ts';
import { hostSource } from '../../../src/io/sources/host.ts';

/** Reads the probe once per snapshot, `elapsedS` apart, and returns the last reading by channel. */
function lastReading(
  make: (readText: ReadText) => Probe,
  snapshots: readonly Readonly<Record<string, string>>[],
  elapsedS = 2,
): Record<string, number> {
  let files = snapshots[0] ?? {};
  const probe = make((path) => files[path]);
  const values = new Float64Array(probe.channels.length);
  for (const snapshot of snapshots) {
    files = snapshot;
    probe.read(elapsedS, values, 0);
  }
  return Object.fromEntries(probe.channels.map(({ id }, index) => [id, values[index] ?? NaN]));
}

describe('cpu probe', () => {
  const before =
    'cpu  100 0 50 800 40 5 5 0 7 7\nctxt 1000\nprocesses 500\nprocs_running 3\nprocs_blocked 1\n';
  const after =
    'cpu  130 10 60 940 50 7 8 0 9 9\nctxt 1500\nprocesses 520\nprocs_running 3\nprocs_blocked 1\n';

  it('gives shares of all cores in percent and rates per second', () => {
    const reading = lastReading(cpuProbe, [{ 'proc/stat': before }, { 'proc/stat': after }]);
    // 205 ticks passed: user 30 + nice 10, system 10, iowait 10, irq 2 + softirq 3.
    expect(reading['cpu.user']).toBeCloseTo((100 * 40) / 205, 9);
    expect(reading['cpu.system']).toBeCloseTo((100 * 10) / 205, 9);
    expect(reading['cpu.iowait']).toBeCloseTo((100 * 10) / 205, 9);
    expect(reading['cpu.interrupt']).toBeCloseTo((100 * 5) / 205, 9);
    expect(reading['processes.forks']).toBe(10);
    expect(reading['processes.switches']).toBe(250);
  });

  it('does not count its own reader among the running', () => {
    expect(lastReading(cpuProbe, [{ 'proc/stat': after }])['processes.running']).toBe(2);
  });

  it('has no rate on the first reading and after a counter went back', () => {
    expect(lastReading(cpuProbe, [{ 'proc/stat': before }])['processes.forks']).toBeNaN();
    const reading = lastReading(cpuProbe, [{ 'proc/stat': after }, { 'proc/stat': before }]);
    expect(reading['processes.forks']).toBeNaN();
  });

  it('reads NaN, not zero, from a file it does not understand', () => {
    const reading = lastReading(cpuProbe, [
      { 'proc/stat': 'nonsense' },
      { 'proc/stat': 'nonsense' },
    ]);
    expect(Object.values(reading).every(Number.isNaN)).toBe(true);
  });
});

describe('memory probe', () => {
  const meminfo =
    'MemTotal: 1000000 kB\nMemFree: 300000 kB\nMemAvailable: 600000 kB\nBuffers: 1 kB\nCached: 250000 kB\nSwapCached: 9 kB\nDirty: 1000 kB\nWriteback: 500 kB\n';

  it('counts as used what is not available', () => {
    const reading = lastReading(memoryProbe, [{ 'proc/meminfo': meminfo }]);
    expect(reading['memory.used']).toBeCloseTo(40, 9);
    expect(reading['memory.cached']).toBeCloseTo(25, 9);
    expect(reading['memory.dirty']).toBeCloseTo(1.536, 9);
  });

  it('shows the share of swap in use, and 0 without swap', () => {
    expect(
      lastReading(memoryProbe, [{ 'proc/meminfo': `${meminfo}SwapTotal: 0 kB\n` }])['swap.used'],
    ).toBe(0);
    const swap = `${meminfo}SwapTotal: 2000 kB\nSwapFree: 500 kB\n`;
    expect(lastReading(memoryProbe, [{ 'proc/meminfo': swap }])['swap.used']).toBeCloseTo(75, 9);
  });
});

describe('load probe', () => {
  it('turns stalled microseconds into percent of time', () => {
    const psi = (total: number) =>
      `some avg10=0.00 avg60=0.00 avg300=0.00 total=${total}\nfull avg10=0.00 total=5\n`;
    const at = (total: number) => ({
      'proc/loadavg': '1.25 0.9 0.8 1/90 77',
      'proc/pressure/cpu': psi(total),
    });
    const reading = lastReading(loadProbe, [at(1_000_000), at(1_500_000)]);
    expect(reading['load.1min']).toBe(1.25);
    expect(reading['pressure.cpu']).toBe(25);
    expect(reading['pressure.memory']).toBeNaN(); // a kernel without that file
  });
});

describe('disk probe', () => {
  const disk = (name: string, read: number, written: number) =>
    ` 254 0 ${name} 10 0 ${read} 5 20 0 ${written} 8 0 1000 13 0 0 0 0 0 0\n`;

  it('sums whole disks and leaves out partitions and mapped devices', () => {
    const at = (sectors: number) => ({
      'proc/diskstats':
        disk('sda', sectors, 0) +
        disk('sda1', 99, 99) +
        disk('nvme0n1', 0, sectors) +
        disk('dm-0', 7, 7),
    });
    const reading = lastReading(diskProbe, [at(0), at(4000)]);
    expect(reading['disk.read']).toBeCloseTo((4000 * 512) / 2 / 1e6, 9);
    expect(reading['disk.write']).toBeCloseTo((4000 * 512) / 2 / 1e6, 9);
  });

  it('has no reading on a host without disks', () => {
    const at = { 'proc/diskstats': ' 7 0 loop0 1 0 8 0 0 0 0 0 0 0 0\n' };
    expect(lastReading(diskProbe, [at, at])['disk.read']).toBeNaN();
  });
});

describe('network probe', () => {
  const at = (bytes: number, lo: number) => ({
    'proc/net/dev': `Inter-|   Receive\n face |bytes\n    lo: ${lo} 9 0 0 0 0 0 0 ${lo} 9 0 0 0 0 0 0\n  eth0:${bytes} 100 0 0 0 0 0 0 5000 50 0 0 0 0 0 0\nveth12: 77777 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n`,
    'proc/net/sockstat': 'sockets: used 15\nTCP: inuse 7 orphan 0\n',
    'proc/sys/fs/file-nr': '521\t0\t2466170\n',
  });

  it('keeps loopback apart and leaves virtual interfaces out', () => {
    const reading = lastReading(networkProbe, [at(1000, 0), at(9000, 4000)]);
    expect(reading['network.received']).toBe(4);
    expect(reading['network.sent']).toBe(0);
    expect(reading['loopback.traffic']).toBe(2);
    expect(reading['sockets.tcp']).toBe(7);
    expect(reading['files.open']).toBe(521);
  });
});

describe('thermal probe', () => {
  it('offers only the sensors the host has', () => {
    const files = { 'sys/class/thermal/thermal_zone0/temp': '48250\n' };
    expect(lastReading(thermalProbe, [files])).toEqual({ 'cpu.temperature': 48.25 });
    expect(lastReading(thermalProbe, [{}])).toEqual({});
  });
});

const optionsOf = (root: string) => ({ intervalMs: 100, root, processes: true });

describe('host source', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'host-root-'));
    for (const path of ['proc/stat', 'proc/meminfo', 'proc/loadavg', 'proc/net/dev']) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      cpSync(`/${path}`, join(root, path));
    }
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('delivers one sample per interval until aborted', async () => {
    const source = hostSource.create(optionsOf(root), { streamId: 'pi' });
    const abort = new AbortController();
    const times: number[] = [];
    const startMs = Date.now();
    for await (const sample of source.samples(abort.signal)) {
      expect(sample.streamId).toBe('pi');
      expect(sample.values).toHaveLength(source.channels.length);
      times.push(sample.timeMs);
      if (times.length === 4) abort.abort();
    }
    // a busy machine delays samples, and none comes before its time
    expect(times).toHaveLength(4);
    expect(Date.now() - startMs).toBeGreaterThanOrEqual(2 * 100);
  });

  it('gives every channel an id of its own', () => {
    const ids = hostSource.create(optionsOf(root), { streamId: 'pi' }).channels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(20);
  });

  it('has no load average learnt, which keeps a fault for minutes, and no file cache, which grows for days (#19)', () => {
    const source = hostSource.create(optionsOf(root), { streamId: 'pi' });
    const learnt = source.channels.filter((channel) => source.isLearnt?.(channel));
    const ids = learnt.map(({ id }) => id);
    for (const id of ['load.1min', 'memory.cached']) {
      expect(source.channels.map((channel) => channel.id)).toContain(id);
      expect(ids).not.toContain(id);
    }
    expect(ids).toEqual(expect.arrayContaining(['processes.running', 'memory.used']));
  });

  it('says what is missing where there is no proc', () => {
    writeFileSync(join(root, 'empty'), '');
    expect(() => hostSource.create(optionsOf(join(root, 'empty')), { streamId: 'pi' })).toThrow(
      SourceError,
    );
  });
});
