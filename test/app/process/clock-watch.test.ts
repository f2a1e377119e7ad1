import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/app/log.ts';
import { createClockJudge, timesyncd } from '../../../src/app/process/clock-watch.ts';
import { tempFolder } from '../../io/temp-folder.ts';

function judged() {
  const clock = { wallMs: 1e12, monotonicMs: 500, synchronised: undefined as boolean | undefined };
  const said: { msg: string; jumpS?: number }[] = [];
  const log = createLog({
    level: 'info',
    style: 'json',
    write: (line) => void said.push(JSON.parse(line)),
  });
  const look = createClockJudge(log, {
    wallMs: () => clock.wallMs,
    monotonicMs: () => clock.monotonicMs,
    synchronised: () => clock.synchronised,
  });
  const pass = (ms: number, jumpMs = 0): void => {
    clock.monotonicMs += ms;
    clock.wallMs += ms + jumpMs;
    look();
  };
  return { clock, said, pass };
}

describe('the watch over the clock', () => {
  it('tells once that the clock is not synchronised, and once that it is', () => {
    const { clock, said, pass } = judged();
    clock.synchronised = false;
    pass(0);
    pass(10_000);
    clock.synchronised = true;
    pass(10_000);
    pass(10_000);
    expect(said.map(({ msg }) => msg)).toEqual([
      'the clock is not synchronised yet: times in alerts may be wrong',
      'the clock is synchronised: times in alerts are right from now on',
    ]);
  });

  it('says nothing where nobody knows, nor of small corrections', () => {
    const { said, pass } = judged();
    pass(10_000);
    pass(10_000, 1500);
    pass(10_000, -1500);
    expect(said).toEqual([]);
  });

  it.each([3600, -3600])('reports a jump by %d seconds', (jumpS) => {
    const { said, pass } = judged();
    pass(10_000);
    pass(10_000, jumpS * 1000);
    pass(10_000);
    expect(said).toMatchObject([{ jumpS, msg: 'the clock was set: windows start again' }]);
  });

  it('asks timesyncd', () => {
    const run = tempFolder();
    expect(timesyncd(run)).toBeUndefined();
    mkdirSync(join(run, 'timesync'));
    expect(timesyncd(run)).toBe(false);
    writeFileSync(join(run, 'timesync', 'synchronized'), '');
    expect(timesyncd(run)).toBe(true);
  });
});
