import { describe, expect, it } from 'vitest';
import { plainText } from '../../../src/app/cli/plain-text.ts';

describe('answers as text (#21)', () => {
  it('align names and values, with units, and name what is empty', () => {
    const health = {
      uptimeS: 7200,
      rssBytes: 71_234_567,
      eventLoopLagMs: 3,
      waiting: {},
      healthy: true,
      lastMs: null,
      problems: [],
    };
    expect(plainText(health, 80)).toBe(
      [
        'uptime          2 h',
        'rss             71.2 MB',
        'event loop lag  3 ms',
        'waiting         none',
        'healthy         yes',
        'last            -',
        'problems        none',
      ].join('\n'),
    );
  });

  it('put a list of like things into a table that fits, else into blocks', () => {
    const sinks = [
      { sink: 'mqtt', configured: true, setAside: 0 },
      { sink: 'ntfy', configured: false, setAside: 12 },
    ];
    const table = [
      'sinks:',
      '  sink  configured  set aside',
      '  mqtt  yes         0',
      '  ntfy  no          12',
    ];
    expect(plainText({ sinks }, 80)).toBe(table.join('\n'));
    const narrow = plainText({ sinks }, 20).split('\n');
    expect(narrow).toContain('  sink        mqtt');
    expect(Math.max(...narrow.map(({ length }) => length))).toBeLessThanOrEqual(20);
  });

  it('cap scores: far above the level a figure says no more (#21)', () => {
    expect(plainText({ peak: 78_432.1, score: 99.5, value: 78_432.1 }, 80)).toBe(
      'peak   over 100\nscore  99.5\nvalue  78432.1',
    );
  });

  it('show times by the clock of the device, and long lists cut', () => {
    const text = plainText({ until: '2026-11-24T12:00:00.000Z', lastMs: 1_795_536_814_006 }, 80);
    expect(text).toMatch(/until {2}2026-11-2\d \d\d:\d\d:00\nlast {3}2026-11-2\d/);
    const ids = Array.from({ length: 50 }, (_, n) => `channel${n}`);
    expect(plainText({ ids }, 80)).toMatch(/^ids {2}channel0, .*…$/);
  });
});
