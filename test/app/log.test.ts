import { describe, expect, it } from 'vitest';
import { createLog, type LogLevel, type LogStyle } from '../../src/app/log.ts';

function logTo(style: LogStyle, level: LogLevel = 'trace') {
  const lines: string[] = [];
  return { lines, log: createLog({ level, style, write: (line) => void lines.push(line) }) };
}

describe('log', () => {
  it('puts the syslog priority before each line for journald, and leaves time and host to it', () => {
    const { lines, log } = logTo('journald');
    log.debug('d');
    log.info('i');
    log.warn('w');
    log.error({ sourceId: 'host' }, 'e');
    log.fatal('f');
    expect(lines.map((line) => line.slice(0, 3))).toEqual(['<7>', '<6>', '<4>', '<3>', '<2>']);
    expect(JSON.parse(lines[3]?.slice(3) ?? '')).toEqual({ level: 50, sourceId: 'host', msg: 'e' });
  });

  it('writes one JSON object per line with a time otherwise', () => {
    const { lines, log } = logTo('json');
    log.warn({ attempt: 2 }, 'source lost, reopening');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 40,
      attempt: 2,
      msg: 'source lost, reopening',
      time: expect.any(Number),
    });
  });

  it('writes words on a terminal', () => {
    const { lines, log } = logTo('terminal');
    log.warn({ streamId: 'host', attempt: 2 }, 'source lost');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d WARN {2}source lost streamId=host attempt=2\n$/);
  });

  it('is silent below its level', () => {
    const { lines, log } = logTo('json', 'warn');
    log.info('not me');
    expect(lines).toEqual([]);
  });

  it('hides passwords and tokens up to two levels deep', () => {
    const { lines, log } = logTo('json');
    log.info({ password: 'p1', broker: { password: 'p2', tls: { secret: 'p3' } }, token: 'p4' });
    expect(lines.join()).not.toMatch(/p[1-4]/);
    expect(lines.join()).toContain('[hidden]');
  });
});
