// Searches that are stopped and workers that are, through the program itself.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../../src/app/cli/program.ts';
import { type FoundPoint, numberOf } from '../../src/app/search/points.ts';
import { redisPlace } from '../../src/app/search/pools.ts';
import { readSearchResult } from '../../src/app/search/search-result.ts';
import { createRedisPool } from '../../src/lab/jobs/redis-pool.ts';
import { ordinarySeries } from '../contracts/planted.ts';
import { describeWithRedis, startRedis } from '../lab/jobs/redis-server.ts';
import { ROWS, searchBench } from './search-bench.ts';
import { sentigon, startSentigon } from './sentigon.ts';

describe('sentigon search', () => {
  it('ends, stopped and resumed, at what it ends at without a stop', async () => {
    const { folder, args } = await searchBench();
    const [whole, stopped] = [join(folder, 'whole'), join(folder, 'stopped')];
    const running = startSentigon([...args('stopped'), '--json']);
    await running.until('"evaluation":1');
    running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(143);
    expect((await sentigon(['search', '--resume', stopped])).code).toBe(0);
    expect(await runCommand(['node', 'sentigon', ...args('whole')])).toBe(0);
    const [once, twice] = [whole, stopped].map(readSearchResult);
    expect(twice).toEqual(once);
    const journal = readFileSync(join(stopped, 'journal.jsonl'), 'utf8');
    expect(journal.trim().split('\n')).toHaveLength(7);
  });
});

describe('sentigon search --take', () => {
  it('killed while it trains, leaves nothing half written, and is done when it is asked again', async () => {
    const { folder, args } = await searchBench();
    const front = join(folder, 'front');
    const search = args('front').map((one, i, all) =>
      all[i - 1] === '--final-steps' ? '4000' : one,
    );
    const sought = [...search, '--objectives', 'accuracy,latency', '--json'];
    expect(await runCommand(['node', 'sentigon', ...sought])).toBe(0);
    const number = numberOf(
      readSearchResult(front).points.find((one) => one.onFront) as FoundPoint,
    );
    const take = ['search', '--resume', front, '--take', String(number)];
    const files = () => readdirSync(front).toSorted();
    const before = files();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const running = startSentigon([...take, '--json']);
      await running.until('"progress":"training"');
      running.child.kill(signal);
      await running.ended;
      expect(files()).toEqual(before);
    }
    expect((await sentigon(take)).code).toBe(0);
    expect(files()).toEqual(
      [...before, `model-${number}.safetensors`, `taken-${number}.json`].toSorted(),
    );
  });
});

describe('sentigon search in a space that is too large to list', () => {
  it('ends, killed and resumed, at what it ends at without, level by level', async () => {
    const { folder, args } = await searchBench('large');
    const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
    const running = startSentigon([...args('killed'), '--json']);
    await running.until('"level":2,"reason"');
    running.child.kill('SIGKILL');
    await running.ended;
    expect((await sentigon(['search', '--resume', killed])).code).toBe(0);
    expect(await runCommand(['node', 'sentigon', ...args('whole')])).toBe(0);
    const [once, again] = [whole, killed].map(readSearchResult);
    expect(again).toEqual(once);
    expect(once?.points.map(({ level }) => level)).toEqual([1, 1, 1, 1, 2, 2, 2, 3]);
  });
});

describeWithRedis('sentigon worker', () => {
  it('takes jobs of a search over Redis and ends with the first signal', async () => {
    const { url, stop } = await startRedis();
    onTestFinished(stop);
    const worker = startSentigon(['worker', '--redis', url]);
    await worker.until('taking evaluate jobs');
    const pool = await createRedisPool(redisPlace(url));
    const { values, channels, timeMs } = ordinarySeries(ROWS);
    const data = {
      kind: 'recording',
      series: { id: 'r', values, channels, timeMs },
      intervalMs: 1000,
    };
    const layer = { hidden: 8, heads: [{ op: 'transform', basis: 'dct' }], feedForward: [8] };
    const options = { rows: 16, patch: 2, steps: 5 };
    const task = {
      kind: 'evaluate',
      engine: 'auto',
      design: { layers: [layer] },
      options,
      seeds: [1],
    };
    const found = await pool.run({
      ...{ queue: 'evaluate', key: 'ab12', task },
      shared: { key: 'cd34', value: data },
    });
    expect(found).toMatchObject({ values: [expect.any(Number)], outcomes: [{ seed: 1 }] });
    await worker.until('done evaluate ab12');
    worker.child.kill('SIGTERM');
    expect((await worker.ended).code).toBe(0);
    await pool.close();
  });
});
