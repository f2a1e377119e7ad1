import { describe, expect, it } from 'vitest';
import { fileSystemProbe, throttlingProbe } from '../../../../src/io/sources/host/storage.ts';

const MOUNTS = `/dev/root / ext4 rw 0 0
proc /proc proc rw 0 0
/dev/sda1 /data\\040disk xfs rw 0 0
/dev/sda1 /var/lib/private/x xfs rw 0 0
/dev/sdb1 /media/stick vfat rw 0 0
/dev/sdc1 /boot vfat rw 0 0
nas:/x /nas nfs rw 0 0
tmpfs /tmp tmpfs rw 0 0
`;
const readText = (path: string) => (path === 'proc/self/mounts' ? MOUNTS : undefined);

/** 1,000 blocks of 1 MB, 50 of them kept for root. */
const state = (free: number, files = 1000) => ({
  ...{ bsize: 1e6, blocks: 1000, bfree: free + 50, bavail: free, files, ffree: files / 4 },
});

describe('file system probe', () => {
  it('gives the free share of each device once, and of its inodes where their number is fixed', () => {
    const read = (path: string) =>
      state(path === '/host/' ? 190 : 500, path.endsWith('boot') ? 0 : 1000);
    const probe = fileSystemProbe(readText, '/host', read);
    const values = new Float64Array(6);
    probe.read(0, values, 1);
    expect(probe.channels.map(({ id, unit }, c) => `${id}[${unit}] ${values[c + 1]}`)).toEqual([
      'disk.free[%] 20',
      'disk.inodes[%] 25',
      'disk.free:/boot[%] 52.63157894736842',
      'disk.free:/data disk[%] 52.63157894736842',
      'disk.inodes:/data disk[%] 25',
    ]);
  });

  it('looks every 30 s, and has no reading of what cannot be read any more', () => {
    let reads = 0;
    const read = () => {
      reads += 1;
      if (reads > 9) throw new Error('EACCES');
      return state(100);
    };
    const probe = fileSystemProbe(readText, '', read);
    const values = new Float64Array(6);
    for (let second = 0; second < 31; second += 1) probe.read(1, values, 0);
    expect(reads).toBe(3 + 3 + 3); // to find them, at once, and after 30 s
    expect(values[0]).toBe((100 * 100) / 950);
    for (let second = 0; second < 30; second += 1) probe.read(1, values, 0);
    expect(values[0]).toBeNaN();
  });

  it('tells when a file system will be full, and nothing while it does not fill', () => {
    let free = 800;
    const probe = fileSystemProbe(readText, '', (path) => state(path === '/' ? free : 500));
    const values = new Float64Array(6);
    const minutes = (count: number, perMinute: number): void => {
      for (let half = 0; half < 2 * count; half += 1) {
        probe.read(30, values, 0);
        free -= perMinute / 2;
      }
    };
    minutes(1, 4);
    expect(probe.hoursLeft('disk.free')).toBeUndefined(); // too few looks
    minutes(29, 4);
    expect(probe.hoursLeft('disk.free')).toBeCloseTo((free + 2) / 4 / 60, 3);
    expect(probe.hoursLeft('disk.free:/boot')).toBeUndefined();
    expect(probe.hoursLeft('cpu.user')).toBeUndefined();
    minutes(60, -1);
    expect(probe.hoursLeft('disk.free')).toBeUndefined();
  });

  it('reads this machine', () => {
    const mounts = (path: string) =>
      path === 'proc/self/mounts' ? '/dev/x / ext4 rw 0 0\n' : undefined;
    const probe = fileSystemProbe(mounts, '');
    const values = new Float64Array(probe.channels.length);
    probe.read(0, values, 0);
    expect(values[0]).toBeGreaterThan(0);
    expect(values[0]).toBeLessThanOrEqual(100);
  });
});

describe('throttling probe', () => {
  const flags = (text: string | undefined) => (path: string) =>
    path === 'sys/devices/platform/soc/soc:firmware/get_throttled' ? text : undefined;

  it.each([
    ['0\n', [0, 0]],
    ['50005\n', [1, 1]], // now: under-voltage and throttled; the high bits are of the past
    ['50000\n', [0, 0]],
    ['8\n', [0, 1]],
    ['what\n', [Number.NaN, Number.NaN]],
  ])('reads the flags %j', (text, expected) => {
    const probe = throttlingProbe(flags(text));
    const values = new Float64Array(2);
    probe.read(0, values, 0);
    expect([...values]).toEqual(expected);
    expect(probe.channels.map(({ id }) => id)).toEqual(['power.undervoltage', 'cpu.throttled']);
  });

  it('has no channels on other machines', () => {
    const probe = throttlingProbe(flags(undefined));
    probe.read(1, new Float64Array(0), 0);
    expect(probe.channels).toEqual([]);
  });
});
