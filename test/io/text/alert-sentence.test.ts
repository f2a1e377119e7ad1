import { describe, expect, it } from 'vitest';
import type { Alert, AlertChannel } from '../../../src/core/alert.ts';
import { hostSource } from '../../../src/io/sources/host.ts';
import { alertSentence } from '../../../src/io/text/alert-sentence.ts';
import { channelLabel } from '../../../src/io/text/channel-label.ts';
import { bound, figure, readableUnit, spanText, withUnit } from '../../../src/io/text/quantity.ts';
import { alertOf } from '../alerts.ts';

const disk: AlertChannel = {
  ...{ id: 'disk.write', unit: 'MB/s', share: 0.8, value: 420, expected: null },
  usual: { low: 0, high: 34.6 },
};
const busy: AlertChannel = {
  ...{ id: 'disk.busy', unit: '%', share: 0.5, value: 99.5, expected: 31 },
  usual: { low: 1, high: 99.43 },
};

const said = (changes: Partial<Alert>, state: Alert['state'] = 'opened'): string => {
  const { startMs } = alertOf('a');
  return alertSentence(
    alertOf('a', state, { timeMs: startMs + 40_000, endMs: null, channels: [disk], ...changes }),
  );
};
const of = (channel: Partial<AlertChannel>): string =>
  said({ channels: [{ ...disk, ...channel }] });

describe('the sentence of an alert (#21)', () => {
  it('says what, how much, the usual range, and for how long, with the unit once', () => {
    expect(said({})).toBe('Disk writes 420 MB/s, normally under 35, for 40 s');
    expect(of({ value: 3, usual: { low: 12.3, high: 40 } })).toBe(
      'Disk writes 3 MB/s, normally over 12, for 40 s',
    );
    expect(of({ id: 'supply', unit: 'V', value: 0, usual: { low: 230, high: 230 } })).toBe(
      'Supply 0 V, normally 230, for 40 s',
    );
  });

  it('scales units, also of a usual value of another order', () => {
    expect(of({ value: 1600 })).toBe('Disk writes 1.6 GB/s, normally under 35 MB/s, for 40 s');
    expect(of({ value: 0.004, usual: { low: 0, high: 0.0012 } })).toBe(
      'Disk writes 4 kB/s, normally under 1.2, for 40 s',
    );
    expect(of({ usual: { low: 0, high: 0 } })).toBe('Disk writes 420 MB/s, normally 0, for 40 s');
    expect(of({ usual: { low: 0, high: 1e-4 } })).toBe(
      'Disk writes 420 MB/s, normally about 0, for 40 s',
    );
  });

  it('joins two channels that both matter, and not one within its range', () => {
    expect(said({ channels: [disk, busy] })).toBe(
      'Disk writes 420 MB/s, normally under 35, and disk busy 99.5 %, normally under 99.43, for 40 s',
    );
    const quiet = { ...busy, value: 50 };
    expect(said({ channels: [disk, quiet] })).toBe(said({}));
    expect(said({ channels: [disk, { ...busy, share: 0.1 }] })).toBe(said({}));
    expect(said({ channels: [quiet] })).toBe(
      'Disk busy 50 %, in its usual range but in an unusual pattern, for 40 s',
    );
  });

  it('falls back to what the detector expected, and to nothing', () => {
    const { usual: _, ...unknown } = disk;
    expect(said({ channels: [{ ...unknown, expected: 35.04 }] })).toBe(
      'Disk writes 420 MB/s, expected 35, for 40 s',
    );
    expect(said({ channels: [unknown] })).toBe('Disk writes 420 MB/s, which is unusual, for 40 s');
    expect(said({ channels: [{ ...unknown, value: null }] })).toBe(
      'Disk writes: no reading, for 40 s',
    );
    expect(said({ channels: [] })).toBe('Motor: unusual, for 40 s');
  });

  it('speaks of the newest row in an update, and of the peak at the end', () => {
    const now = [{ ...disk, value: 50 }];
    expect(said({ now }, 'updated')).toBe('Disk writes 50 MB/s, normally under 35, for 40 s');
    const closed = alertOf('a', 'closed', { channels: [disk, { ...busy, share: 0.3 }] });
    expect(alertSentence({ ...closed, endMs: closed.startMs + 180_000 })).toBe(
      'Disk writes normal again after 3 min; at the peak 420 MB/s, normally under 35',
    );
  });

  it('names at the end what it named while it was open (#21)', () => {
    const both = { ...busy, share: 0.7 };
    expect(said({ channels: [disk, both], score: 1.8 }, 'closed')).toMatch(
      /^Disk writes and disk busy still unusual .*; at the peak disk writes 420 MB\/s, normally under 35, and disk busy 99.5 %, normally under 99.43$/,
    );
    const over = { score: 0.4, endMs: alertOf('a').startMs + 180_000 };
    expect(said({ ...over, channels: [disk, both] }, 'closed')).toMatch(
      /^Disk writes and disk busy normal again after 3 min; at the peak /,
    );
  });

  it('does not say that all is well where the end was not seen (#21)', () => {
    const unseen = { score: 1.8, endMs: alertOf('a').startMs + 40_000 };
    expect(said(unseen, 'closed')).toBe(
      'Disk writes still unusual when its rows ended, after 40 s; at the peak 420 MB/s, normally under 35',
    );
    const limit = { kind: 'limit', level: 400, channels: [disk] } as const;
    expect(said({ ...unseen, ...limit }, 'closed')).toBe(
      'Disk writes 420 MB/s, its limit of 400 MB/s is not watched any more, after 40 s',
    );
  });

  it('marks a reminder and a routine, and says when a level is accepted', () => {
    expect(said({ reminder: true })).toMatch(/^Still disk writes 420 MB\/s/);
    expect(said({ routine: 'r1' })).toMatch(/^Routine: disk writes 420 MB\/s/);
    const { startMs } = alertOf('a');
    const threeDays = { endMs: startMs + 3 * 86_400_000, outcome: 'accepted' as const };
    expect(said(threeDays, 'closed')).toBe('Disk writes accepted as normal at 420 MB/s after 3 d');
    const now = [{ ...disk, value: 41.23 }];
    expect(said({ ...threeDays, now }, 'closed')).toBe(
      'Disk writes accepted as normal at 41.2 MB/s after 3 d',
    );
    const both = [disk, { ...busy, share: 0.7 }];
    const two = [...now, { ...busy, share: 0.7, value: 60 }];
    expect(said({ ...threeDays, now: two, channels: both }, 'closed')).toBe(
      'Disk writes at 41.2 MB/s and disk busy at 60 % accepted as normal after 3 d',
    );
    const unread = [{ ...disk, value: null }];
    expect(said({ ...threeDays, channels: unread }, 'closed')).toBe(
      'Disk writes accepted as normal after 3 d',
    );
  });

  it('names the process that did most of it, and what the source adds', () => {
    const processes = [{ name: 'dd', pid: 412, share: 0.874 }];
    expect(said({ processes })).toMatch(/, for 40 s, mostly by dd \(pid 412, 87 %\)$/);
    expect(said({ processes, note: 'full in about 3 h' })).toMatch(/ 87 %\), full in about 3 h$/);
    expect(said({ processes, note: 'x' }, 'closed')).toBe(said({}, 'closed'));
  });

  it('speaks of missing and stuck readings', () => {
    const missing = { kind: 'data_missing' as const };
    expect(said(missing)).toBe('Disk writes: no reading for 40 s');
    const three = [disk, busy, { ...busy, id: 'x' }];
    expect(said({ ...missing, channels: three })).toBe(
      'Disk writes, disk busy and 1 more: no reading for 40 s',
    );
    expect(said(missing, 'closed')).toBe('Disk writes: readings are back after 40 s');
    const stuck = { kind: 'stuck' as const };
    expect(said({ ...stuck, channels: [{ ...disk, value: 21.5 }] })).toBe(
      'Disk writes stuck at 21.5 MB/s for 40 s',
    );
    expect(said({ ...stuck, channels: three })).toMatch(/^Disk writes, .* more: stuck for 40 s$/);
    expect(said(stuck, 'closed')).toBe('Disk writes: changing again after 40 s');
  });

  it('speaks of failures of the daemon, and keeps a message that an alert brings', () => {
    const failed = { kind: 'stream_failed' as const, channels: [], streamId: 'pump' };
    expect(said(failed)).toBe('Pump: not watched, because its source or its training has failed');
    expect(said({ ...failed, reminder: true })).toBe(
      'Pump: still not watched after 40 s, because its source or its training has failed',
    );
    expect(said(failed, 'closed')).toBe('Pump: watched again after 40 s');
    expect(said({ kind: 'storage', channels: [] })).toContain('cannot be written');
    const message = 'Free space of / below 5 %';
    expect(said({ message })).toBe(message);
    expect(said({ message, note: 'full in about 3 h' })).toBe(`${message}, full in about 3 h`);
    expect(said({ message, note: 'full in about 3 h' }, 'closed')).toBe(message);
  });

  it('names the bound of a hard limit', () => {
    const channel = { id: 'cpu.temperature', unit: '°C', share: 1, value: 83, expected: null };
    const limit = { kind: 'limit' as const, level: 80, channels: [channel] };
    expect(said(limit)).toBe('CPU temperature 83 °C, above its limit of 80 °C, for 40 s');
    expect(said({ ...limit, level: 90 })).toMatch(/83 °C, below its limit of 90 °C, for 40 s$/);
    const cool = { ...limit, channels: [{ ...channel, value: 70 }] };
    expect(said(cool, 'closed')).toMatch(/70 °C, within its limit of 80 °C again after 40 s$/);
  });
});

describe('a label', () => {
  it('exists for each channel of the host, and is the name for other channels', () => {
    const context = { streamId: 's', warn: () => undefined };
    const { channels } = hostSource.create(hostSource.options.parse({}), context);
    for (const channel of channels) expect(channelLabel(channel)).not.toBe(channel.id);
    expect(channelLabel({ id: 'disk.write', unit: 'psi' })).toBe('disk.write');
    expect(channelLabel({ id: 'disk.free:/data', unit: '%' })).toBe('free space of /data');
  });
});

describe('a quantity', () => {
  it.each([
    [2992, '2,992'],
    [1625.3, '1,625'],
    [17.345, '17.3'],
    [-0.0042, '-0.0042'],
    [1_234_567, '1,230,000'],
    [1e20, '100000000000000000000'],
    [0, '0'],
  ])('of %d is %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });

  it.each([
    [34.6, 420, '35'],
    [99.43, 99.5, '99.43'],
    [9.2, 127, '10'],
    [1285, 2595, '1,300'],
    [-12.34, -20, '-13'],
    [0.0118, 5.4, '0.012'],
  ])('bound %d beside %d is %s', (limit, value, text) => {
    expect(bound(limit, value)).toBe(text);
  });

  it('has a readable unit', () => {
    expect(readableUnit(0.004, 'MB/s')).toEqual({ unit: 'kB/s', factor: 1000 });
    expect(readableUnit(0, 'MB/s')).toEqual({ unit: 'MB/s', factor: 1 });
    expect(readableUnit(5e-9, 'MB/s').unit).toBe('B/s');
    expect(readableUnit(1e9, '%')).toEqual({ unit: '%', factor: 1 });
    expect(withUnit('17.3', '1/s')).toBe('17.3/s');
    expect(withUnit('16', '')).toBe('16');
  });

  it.each([
    [-5, '0 s'],
    [40_000, '40 s'],
    [180_000, '3 min'],
    [7_200_000, '2 h'],
    [3 * 86_400_000, '3 d'],
  ])('of %d ms is %s', (ms, text) => {
    expect(spanText(ms)).toBe(text);
  });
});
