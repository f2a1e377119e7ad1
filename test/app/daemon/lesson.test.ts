import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askDaemon, CONTROL_SOCKET } from '../../../src/io/local/control-socket.ts';
import { configOf, start } from './setup.ts';

/** Prints a row each 10 ms: two channels that move together, and lie far higher in the first 150 rows. */
const BUSY_AT_FIRST = `let n = 0; setInterval(() => { n += 1; const load = Math.random(), busy = n <= 150 ? 40 : 0;
  console.log(JSON.stringify({ power: 10 + busy + load + Math.random(), heat: 50 + busy + load + Math.random() })); }, 10);`;

const machine = {
  id: 'machine',
  source: { kind: 'exec', mode: 'lines', command: [process.execPath, '-e', BUSY_AT_FIRST] },
  learn: { rows: 300, longest: 50, intervalMs: 10, detector: 'robust-z' },
  health: { maxAgeMs: 0 },
};

interface Answer {
  readonly problems: readonly string[];
  readonly streams: readonly {
    readonly learning?: { readonly rows: number; readonly calmRows: number | null };
  }[];
}

describe('a daemon', () => {
  it('says while it learns from a busy machine that it learns on, until the machine was calm for long enough (#19)', async () => {
    const config = configOf([machine]);
    const running = start(config);
    const seen: Answer[] = [];
    const ask = async () => {
      const path = join(config.state, CONTROL_SOCKET);
      const reply = await askDaemon(path, { verb: 'health_check' }, 60_000).catch(() => undefined);
      if (reply?.status === 'ok') seen.push(reply.data as Answer);
    };
    const watches = async () => {
      await ask();
      return running.log.some(({ msg }) => msg === 'watching');
    };
    await expect.poll(watches, { timeout: 60_000, interval: 20 }).toBe(true);
    const goesOn = expect.stringMatching(
      /^stream 'machine' is not calm yet: power and heat higher until .*Z: it learns on until it has 1 min of calm rows/,
    );
    expect(seen.some(({ problems }) => problems.some((line) => goesOn.asymmetricMatch(line)))).toBe(
      true,
    );
    const learning = seen.flatMap(({ streams }) => streams[0]?.learning ?? []);
    expect(learning.at(-1)).toMatchObject({ neededRows: 300 });
    expect(learning.at(-1)?.rows).toBeGreaterThan(300);
    await ask();
    expect(seen.at(-1)?.problems.filter((line) => line.includes('calm'))).toEqual([]);
    expect(seen.at(-1)?.streams[0]?.learning).toBeUndefined();
    running.stop();
    await running.outcome;
  });
});
